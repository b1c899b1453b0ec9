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
export * from './schedule/baseline-minting.ts'
export * from './schedule/exponential-decay.ts'
export { type FixedHalving, fixedHalving } from './schedule/fixed-halving.ts'
export { emissionOf, type Schedule } from './schedule/schedule.ts'
export { type SimpleMinting, simpleMinting } from './schedule/simple-minting.ts'
