import { Command } from 'commander'
import { expect, test } from 'vitest'
import { commands } from './commands.ts'

/** The help of every command, as `cairn <command> --help` prints it. */
function helpTexts(command: Command, path: string): string[] {
  const own =
    command.commands.length === 0
      ? [`$ cairn ${path} --help\n${command.configureOutput({}).helpInformation()}`]
      : []
  return [...own, ...command.commands.flatMap((child) => helpTexts(child, `${path} ${child.name()}`.trim()))]
}

test('default: the help of every command is what was agreed on', async () => {
  const program = new Command('cairn').configureHelp({ helpWidth: 100 })
  for (const register of commands) register(program, () => async () => undefined)
  await expect(helpTexts(program, '').join('\n')).toMatchFileSnapshot('./help.snapshot.txt')
})
