import { Command } from 'commander'
import { expect, test } from 'vitest'
import { networkCreate } from '../commands/network/create.ts'
import { firstEmissionOf, type ScheduleOptions, scheduleOf } from '../commands/network/schedule-options.ts'
import { createOutput } from '../output/output.ts'
import { type PlanOptions, requireSafe, SafetyError } from './require-safe.ts'

const output = createOutput({ json: true, stdout: process.stdout, stderr: process.stderr })
const offLocal = { isLocal: false }

/** What the command line of `cairn network create` comes to. */
function planned(...args: string[]): PlanOptions {
  const program = new Command()
  networkCreate(program, () => async () => undefined)
  const create = program.commands[0]!.commands[0]!
  program.parse(['network', 'create', 'x', '--rpc', 'http://x', '--sector', 'x', ...args], { from: 'user' })
  const options = create.opts<PlanOptions & ScheduleOptions>()
  return { ...options, emission: firstEmissionOf(scheduleOf(options)) }
}

const refusal = (...args: string[]): string => {
  try {
    requireSafe({ output }, planned(...args), offLocal)
    return 'safe'
  } catch (error) {
    expect(error).toBeInstanceOf(SafetyError)
    return (error as SafetyError).message
  }
}

test('default: what a network is created with by default is safe off the local chain', () => {
  expect(refusal()).toBe('safe')
})

test.each([
  [['--emission', '200'], '--verifier-bond 14700', 'lateness'],
  [['--verifiers', '2', '--verifier-bond', '20000'], '--verifiers 3', 'quorum'],
  [['--response', '3600'], '--response 43200', 'exit'],
  [['--challenge', '86400'], '--challenge 129600', 'challenge window'],
  [['--token-price', '0.01'], '--challenge-bond 1318', 'griefing'],
  [['--challenge-bond', '10000'], '--verifier-bond 15008', 'watching pays'],
  [['--detection', '1000'], '--ingest-bond 4050', 'withholding'],
])('error: %s is refused, with the way out', (args, fix, name) => {
  expect(refusal(...args)).toContain(fix)
  expect(refusal(...args)).toContain(`\n${name}: `)
})

test('behavior: the local chain is exempt from clocks, and --force from everything', () => {
  expect(() => requireSafe({ output }, planned('--response', '1'), { isLocal: true })).not.toThrow()
  expect(() => requireSafe({ output }, planned('--emission', '200', '--force'), offLocal)).not.toThrow()
})
