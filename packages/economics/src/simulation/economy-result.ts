import type { MetricName } from './metrics.ts'
import type { Json } from './parse-parameters.ts'

/** Quantiles over seeds, one number per sample. */
export interface QuantileSeries {
  readonly q05: readonly number[]
  readonly q25: readonly number[]
  readonly q50: readonly number[]
  readonly q75: readonly number[]
  readonly q95: readonly number[]
}

/** What became of one scenario. */
export interface ScenarioResult {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly metrics: Readonly<Record<MetricName, QuantileSeries>>
  /** Per seed, in order: the token's account at the end, whole numbers of its smallest unit as text. */
  readonly money: readonly {
    readonly seed: number
    readonly emitted: string
    readonly burned: string
    readonly supply: string
    readonly budget: string
  }[]
}

/** The result of a Monte Carlo run: JSON as it stands. */
export interface EconomyResult {
  readonly format: 'cairn-economy'
  readonly version: 1
  readonly operators: number
  readonly epochs: number
  readonly seeds: readonly number[]
  /** What all scenarios began from, as `parseParameters` takes it. */
  readonly parameters: Json
  /** The epoch at whose end each sample was taken. */
  readonly sampleEpochs: readonly number[]
  readonly scenarios: readonly ScenarioResult[]
}
