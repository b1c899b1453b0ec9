export { EXP_NEG_MAX, expNeg } from './arithmetic/exp-neg.ts'
export { EPOCH_MAX, TOKEN, TOTAL_MAX } from './arithmetic/units.ts'
export {
  type Band,
  type BandInput,
  type BandLimits,
  bindingPrice,
  deriveBand,
  overflow,
  sellersPart,
} from './budget/band.ts'
export {
  advanceBand,
  type BandEmission,
  type BandEpoch,
  type BandState,
  openBand,
} from './budget/band-emission.ts'
export {
  type BurnAnchor,
  type BurnPolicy,
  deriveAnchor,
  type ImpactInput,
  impactCeiling,
  type PolicyReview,
  reviewPolicy,
} from './budget/burn-policy.ts'
export { netEmission, smoothBurn } from './budget/net-emission.ts'
export {
  type Breaker,
  type BreakerLimits,
  letFlow,
  type Outflow,
  openBreaker,
} from './budget/outflow-breaker.ts'
export { splitBudget, type WeightPoint, weightsAt } from './budget/program-weights.ts'
export * from './credits/credits.ts'
export * from './credits/price.ts'
export * from './credits/remint-vault.ts'
export { EconomicsError } from './economics-error.ts'
export { type Fundamentals, fundamentalValue } from './fundamental-value.ts'
export { renderReport } from './report/render-report.ts'
export { deriveSafety } from './safety/derive-safety.ts'
export { exposedEpochs } from './safety/exposure.ts'
export type { Inequality, InequalityName, Remedy, SafetyParameter } from './safety/inequality.ts'
export { type FaultLadder, ladderBps } from './safety/ladder.ts'
export {
  defaultAssumptions,
  type OperatorParameters,
  type SafetyAssumptions,
  type SafetyParameters,
  type SafetyTimeline,
} from './safety/safety-parameters.ts'
export * from './schedule/baseline-minting.ts'
export * from './schedule/exponential-decay.ts'
export { type FixedHalving, fixedHalving } from './schedule/fixed-halving.ts'
export { emissionOf, type Schedule } from './schedule/schedule.ts'
export { halfLifeRate, type SimpleMinting, simpleMinting } from './schedule/simple-minting.ts'
export type { EconomyResult, QuantileSeries, ScenarioResult } from './simulation/economy-result.ts'
export { type MetricName, metrics } from './simulation/metrics.ts'
export { defaultParameters, type EconomyParameters, type Shock } from './simulation/parameters.ts'
export { type Json, parametersToJson, parseParameters } from './simulation/parse-parameters.ts'
export {
  type EconomyPlan,
  type EconomyProgress,
  inlineExecutor,
  runEconomy,
  type SimulationExecutor,
} from './simulation/run-economy.ts'
export { type Scenario, type ScenarioName, scenarioNames, scenarios } from './simulation/scenarios.ts'
export { type SimulationTask, simulateNetwork, type Trace } from './simulation/simulate-network.ts'
export { deriveStatement, type RangeFacts, type RangeStatement } from './statement/derive-statement.ts'
