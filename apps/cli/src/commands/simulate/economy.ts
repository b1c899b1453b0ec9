import { readFile, stat, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import {
  defaultParameters,
  type EconomyParameters,
  type EconomyPlan,
  type EconomyProgress,
  type EconomyResult,
  metrics,
  parseParameters,
  renderReport,
  runEconomy,
  type ScenarioName,
  scenarioNames,
} from '@cairn/economics'
import { BaseError } from '@cairn/protocol'
import type { Register } from '../../command.ts'
import { table } from '../../output/table.ts'
import { oneOf, wholeNumber } from '../../parse-options.ts'
import { simulateGroup } from './group.ts'
import { simulationThreads } from './simulation-threads.ts'

const PARAMETERS_BYTES_MAX = 1_048_576

/** Thrown for a file of parameters that can not be read. Codes: `unreadable_parameters`, `oversized_parameters`, `malformed_parameters`. */
class ParametersFileError extends BaseError {
  override readonly name = 'ParametersFileError'
}

interface EconomyOptions {
  readonly scenario?: readonly ScenarioName[]
  readonly operators: number
  readonly years: number
  readonly seeds: number
  readonly firstSeed: number
  readonly threads?: number
  readonly parameters?: string
  readonly save?: string
  readonly report?: string
}

export const simulateEconomy: Register = (program, act) => {
  simulateGroup(program)
    .command('economy')
    .description('simulate supply, burn, operators and payback of a network over years')
    .option(
      '--scenario <name...>',
      `${scenarioNames.join(', ')}; all of them if none is named`,
      parseScenarios,
    )
    .option('--operators <count>', 'everybody who might ever operate', wholeNumber(1, 4_000_000), 10_000)
    .option('--years <count>', 'how long, in years of 365 epochs', wholeNumber(1, 100), 10)
    .option('--seeds <count>', 'runs of each scenario', wholeNumber(1, 10_000), 30)
    .option('--first-seed <number>', 'seed of the first run', wholeNumber(0, 2 ** 32), 1)
    .option('--threads <count>', 'threads to simulate in; as many as cores if not said', wholeNumber(1, 256))
    .option(
      '--parameters <file>',
      'JSON with what differs from the usual network, in the form of "parameters" in a saved result',
    )
    .option('--save <file>', 'write the result as JSON')
    .option('--report <file>', 'write plots as one HTML page')
    .addHelpText('after', '\nThe same options give the same numbers, however many threads there are.')
    .action(
      act(async (cli, options: EconomyOptions) => {
        const { operators, years, seeds, firstSeed } = options
        const plan: EconomyPlan = {
          parameters: await readParameters(options.parameters, defaultParameters(operators, years * 365)),
          scenarios: options.scenario ?? scenarioNames,
          seeds,
          firstSeed,
        }
        const wanted = options.threads ?? Math.min(16, availableParallelism())
        const threads = simulationThreads(Math.min(wanted, seeds * plan.scenarios.length))
        try {
          const started = performance.now()
          const result = await runEconomy(plan, threads, (progress) => {
            cli.signal.throwIfAborted()
            cli.output.progress(progressBar(progress, performance.now() - started))
          })
          if (options.save !== undefined) {
            await writeFile(options.save, `${JSON.stringify(result)}\n`)
            cli.output.note(`The result is in ${options.save}.`)
          }
          if (options.report !== undefined) {
            await writeFile(options.report, renderReport(result))
            cli.output.note(`The report is in ${options.report}.`)
          }
          cli.output.result(result, lastSample(result))
        } finally {
          await threads.close()
        }
      }),
    )
}

async function readParameters(file: string | undefined, base: EconomyParameters): Promise<EconomyParameters> {
  if (file === undefined) return base
  const { size } = await stat(file).catch((cause: Error) => {
    throw new ParametersFileError({
      code: 'unreadable_parameters',
      message: `${file} can not be read: ${cause.message}.`,
      fix: 'Name a file that is there.',
      cause,
    })
  })
  if (size > PARAMETERS_BYTES_MAX) {
    throw new ParametersFileError({
      code: 'oversized_parameters',
      message: `${file} has ${size} bytes; expected at most ${PARAMETERS_BYTES_MAX}.`,
      fix: 'Name a file with parameters alone.',
    })
  }
  return parseParameters(parseJson(file, await readFile(file, 'utf8')), base)
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ParametersFileError({
      code: 'malformed_parameters',
      message: `${file} is not JSON: ${(cause as Error).message}.`,
      fix: 'Correct the file.',
      cause,
    })
  }
}

function parseScenarios(text: string, before: readonly ScenarioName[] = []): readonly ScenarioName[] {
  const name = oneOf(...scenarioNames)(text)
  return before.includes(name) ? before : [...before, name]
}

function progressBar({ done, total, scenario, seed }: EconomyProgress, elapsedMs: number): string {
  const width = 24
  const full = Math.round((done / total) * width)
  const leftSeconds = Math.ceil((elapsedMs / done / 1000) * (total - done))
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${done}/${total} ${scenario}, seed ${seed}, ${leftSeconds} s left`
}

/** Medians at the end. */
function lastSample({ scenarios, epochs, seeds }: EconomyResult): string {
  const rows = scenarios.map(({ name, metrics: series }) => [
    name,
    ...metrics.map((metric) => (series[metric.name].q50.at(-1) ?? 0).toPrecision(4)),
  ])
  const heads = metrics.map(({ title }) => title.toLowerCase())
  return `Medians of ${seeds.length} runs after ${epochs} epochs:\n${table(['scenario', ...heads], rows)}`
}
