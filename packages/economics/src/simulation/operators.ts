import type { Climate } from './climate.ts'
import type { EconomyParameters } from './parameters.ts'
import type { Random } from './random.ts'

/**
 * Everybody who operates or might: one place per operator in flat arrays, so that a step over a million of them is one pass through memory.
 */
export interface Operators {
  readonly count: number
  /** 1 while operating. */
  readonly active: Uint8Array
  /** What the coverage program counts: 0.5 to 1.5. */
  readonly capacity: Float32Array
  /** What the usage program counts: capacity times how much is asked for where the device stands, 0 to 3, most of them low. */
  readonly demand: Float32Array
  readonly costUsd: Float32Array
  readonly hardwareUsd: Float32Array
  /** Return asked for in a day, in calm. */
  readonly hurdleUsd: Float32Array
  /** Daily margin, smoothed over about fifty days: what decides on giving up. */
  readonly marginUsd: Float32Array
  /** Of those active, after the last step. */
  totals: OperatorTotals
}

export interface OperatorTotals {
  readonly active: number
  readonly capacity: number
  readonly demand: number
  /** Margin of all, today. */
  readonly marginUsd: number
  readonly hardwareUsd: number
}

/** What operators are paid today per unit of capacity and of demand, and what newcomers expect. */
export interface PayRates {
  readonly coverageUsd: number
  readonly usageUsd: number
  readonly expectedCoverageUsd: number
  readonly expectedUsageUsd: number
}

/** A population as `parameters` say, drawn from `random`. */
export function openOperators(parameters: EconomyParameters, random: Random): Operators {
  const { operators: count, hardware, behaviour } = parameters
  const operators: Operators = {
    count,
    active: new Uint8Array(count),
    capacity: new Float32Array(count),
    demand: new Float32Array(count),
    costUsd: new Float32Array(count),
    hardwareUsd: new Float32Array(count),
    hurdleUsd: new Float32Array(count),
    marginUsd: new Float32Array(count),
    totals: { active: 0, capacity: 0, demand: 0, marginUsd: 0, hardwareUsd: 0 },
  }
  const [low, high] = behaviour.hurdle
  for (let i = 0; i < count; i++) {
    const place = random.uniform()
    operators.capacity[i] = 0.5 + random.uniform()
    operators.demand[i] = operators.capacity[i]! * 3 * place * place
    operators.costUsd[i] = hardware.costUsdPerDay * (0.5 + random.uniform())
    operators.hardwareUsd[i] = hardware.priceUsd * (0.7 + 0.6 * random.uniform())
    operators.hurdleUsd[i] = (operators.hardwareUsd[i]! * (low + (high - low) * random.uniform())) / 365
    operators.active[i] = random.uniform() < behaviour.activeShare ? 1 : 0
  }
  operators.totals = sumOperators(operators)
  return operators
}

function sumOperators({ count, active, capacity, demand, hardwareUsd }: Operators): OperatorTotals {
  const totals = { active: 0, capacity: 0, demand: 0, marginUsd: 0, hardwareUsd: 0 }
  for (let i = 0; i < count; i++) {
    if (active[i] === 0) continue
    totals.active += 1
    totals.capacity += capacity[i]!
    totals.demand += demand[i]!
    totals.hardwareUsd += hardwareUsd[i]!
  }
  return totals
}

/**
 * A day: those who are active earn, and leave when they have been losing money, when their device breaks or when another network takes them; the others
 * look at what they would earn. Every decision is drawn from a hash of the day's `key` and the operator's place, never from its turn.
 */
export function stepOperators(
  operators: Operators,
  { behaviour, hardware }: EconomyParameters,
  pay: PayRates,
  climate: Climate,
  key: number,
): void {
  const { count, active, capacity, demand, costUsd, hardwareUsd, hurdleUsd, marginUsd } = operators
  const { coverageUsd, usageUsd, expectedCoverageUsd, expectedUsageUsd } = pay
  const lost = hardware.failurePerDay + climate.poachedPerDay
  const leaveBelow = lost * 2 ** 32
  const giveUpBelow = (lost + behaviour.leavePerDay) * 2 ** 32
  const enterBelow = behaviour.enterPerDay * 2 ** 32
  const hurdle = climate.hurdle
  let activeSum = 0
  let capacitySum = 0
  let demandSum = 0
  let marginSum = 0
  let hardwareSum = 0
  for (let i = 0; i < count; i++) {
    // The finaliser of MurmurHash3 (A. Appleby, public domain).
    let draw = Math.imul(i + 1, 0x9e3779b1) ^ key
    draw = Math.imul(draw ^ (draw >>> 16), 0x85ebca6b)
    draw = Math.imul(draw ^ (draw >>> 13), 0xc2b2ae35)
    draw = (draw ^ (draw >>> 16)) >>> 0
    let today: number
    if (active[i] === 1) {
      today = coverageUsd * capacity[i]! + usageUsd * demand[i]! - costUsd[i]!
      const smoothed = marginUsd[i]! + (today - marginUsd[i]!) * 0.02
      marginUsd[i] = smoothed
      if (draw < (smoothed < 0 ? giveUpBelow : leaveBelow)) {
        active[i] = 0
        continue
      }
    } else {
      if (draw >= enterBelow) continue
      const expected = expectedCoverageUsd * capacity[i]! + expectedUsageUsd * demand[i]! - costUsd[i]!
      if (expected < hurdleUsd[i]! * hurdle) continue
      active[i] = 1
      marginUsd[i] = expected
      today = 0
    }
    activeSum += 1
    capacitySum += capacity[i]!
    demandSum += demand[i]!
    marginSum += today
    hardwareSum += hardwareUsd[i]!
  }
  operators.totals = {
    active: activeSum,
    capacity: capacitySum,
    demand: demandSum,
    marginUsd: marginSum,
    hardwareUsd: hardwareSum,
  }
}
