import { inconsistent, requireWhole } from '../economics-error.ts'
import type { EconomyResult, QuantileSeries, ScenarioResult } from './economy-result.ts'
import { type MetricName, metrics } from './metrics.ts'
import type { EconomyParameters } from './parameters.ts'
import { parametersToJson } from './parse-parameters.ts'
import { quantile } from './quantile.ts'
import { requireParameters } from './require-parameters.ts'
import { findScenario, type Scenario, type ScenarioName } from './scenarios.ts'
import { type SimulationTask, sampleCount, simulateNetwork, type Trace } from './simulate-network.ts'

/** Whatever runs tasks: this thread, or others. */
export interface SimulationExecutor {
  /** How many tasks it can have at once. */
  readonly threads: number
  readonly run: (task: SimulationTask) => Promise<Trace>
}

/** Runs tasks one after the other in the thread that asks. */
export const inlineExecutor: SimulationExecutor = {
  threads: 1,
  run: async (task) => simulateNetwork(task),
}

export interface EconomyPlan {
  readonly parameters: EconomyParameters
  readonly scenarios: readonly ScenarioName[]
  /** Seeds are `firstSeed`, `firstSeed + 1`, …: 1 to 10 000 of them. */
  readonly seeds: number
  readonly firstSeed: number
}

/** How far a run is. */
export interface EconomyProgress {
  readonly done: number
  readonly total: number
  readonly scenario: string
  readonly seed: number
}

/**
 * Runs every scenario with every seed and takes quantiles over seeds. The result does not depend on the executor, nor on the order in which it finishes.
 *
 * @throws EconomicsError for a plan without scenarios, with one twice, or with a number of seeds out of bounds
 */
export async function runEconomy(
  plan: EconomyPlan,
  executor: SimulationExecutor = inlineExecutor,
  onProgress: (progress: EconomyProgress) => void = () => undefined,
): Promise<EconomyResult> {
  requirePlan(plan)
  const chosen = plan.scenarios.map(findScenario)
  const seeds = Array.from({ length: plan.seeds }, (_, index) => plan.firstSeed + index)
  const tasks = chosen.flatMap((scenario) => {
    const parameters = scenario.apply(plan.parameters)
    return seeds.map((seed): SimulationTask => ({ scenario: scenario.name, seed, parameters }))
  })
  const traces = await runTasks(tasks, executor, onProgress)
  const { operators, epochs, sampleEpochs } = plan.parameters
  return {
    format: 'cairn-economy',
    version: 1,
    operators,
    epochs,
    seeds,
    parameters: parametersToJson(plan.parameters),
    sampleEpochs: Array.from({ length: sampleCount(plan.parameters) }, (_, at) => (at + 1) * sampleEpochs),
    scenarios: chosen.map((scenario, index) =>
      summarise(scenario, traces.slice(index * seeds.length, (index + 1) * seeds.length)),
    ),
  }
}

async function runTasks(
  tasks: readonly SimulationTask[],
  executor: SimulationExecutor,
  onProgress: (progress: EconomyProgress) => void,
): Promise<Trace[]> {
  const traces: Trace[] = []
  let next = 0
  let done = 0
  const takeTasks = async (): Promise<void> => {
    while (next < tasks.length) {
      const index = next++
      const task = tasks[index]!
      traces[index] = await executor.run(task)
      done += 1
      onProgress({ done, total: tasks.length, scenario: task.scenario, seed: task.seed })
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, executor.threads) }, takeTasks))
  return traces
}

function summarise({ name, title, description }: Scenario, traces: readonly Trace[]): ScenarioResult {
  const series = Object.fromEntries(
    metrics.map((metric, row) => [metric.name, quantilesOf(traces, row)]),
  ) as Record<MetricName, QuantileSeries>
  const money = traces.map(({ seed, money: { emitted, burned, supply, budget } }) => ({
    seed,
    emitted: String(emitted),
    burned: String(burned),
    supply: String(supply),
    budget: String(budget),
  }))
  return { name, title, description, metrics: series, money }
}

function quantilesOf(traces: readonly Trace[], row: number): QuantileSeries {
  const samples = traces[0]!.samples
  const columns = Array.from({ length: samples }, (_, sample) =>
    Float64Array.from(traces, ({ values }) => values[row * samples + sample]!).sort(),
  )
  const at = (q: number): number[] => columns.map((column) => quantile(column, q))
  return { q05: at(0.05), q25: at(0.25), q50: at(0.5), q75: at(0.75), q95: at(0.95) }
}

function requirePlan({ parameters, scenarios, seeds, firstSeed }: EconomyPlan): void {
  requireWhole('seeds', seeds, 1, 10_000)
  requireWhole('firstSeed', firstSeed, 0, Number.MAX_SAFE_INTEGER - 10_000)
  requireParameters(parameters)
  if (scenarios.length === 0 || new Set(scenarios).size !== scenarios.length) {
    throw inconsistent(
      'scenarios',
      `The plan has the scenarios [${scenarios.join(', ')}].`,
      'Name at least one, and each once.',
    )
  }
}
