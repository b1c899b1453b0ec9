import type { Command } from 'commander'

/** The group of commands with this name; made by the first that asks for it. */
export function group(program: Command, name: string, description: string): Command {
  return (
    program.commands.find((command) => command.name() === name) ??
    program.command(name).description(description)
  )
}
