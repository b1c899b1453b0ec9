import { climateAt } from './climate.ts'
import { openCustomers, stepCustomers } from './customers.ts'
import { type EpochMoney, type Ledger, openLedger, settleEpoch } from './ledger.ts'
import { openMarket, stepMarket } from './market.ts'
import { COVER_MAX, metrics, PAYBACK_DAYS_MAX } from './metrics.ts'
import { openOperators, type PayRates, stepOperators } from './operators.ts'
import type { EconomyParameters } from './parameters.ts'
import { seededRandom } from './random.ts'

/** One run: plain data, so that it can be sent to a thread. */
export interface SimulationTask {
  readonly scenario: string
  readonly seed: number
  readonly parameters: EconomyParameters
}

/** What a run recorded. */
export interface Trace {
  readonly scenario: string
  readonly seed: number
  readonly samples: number
  /** `metrics.length` rows of `samples` numbers. */
  readonly values: Float64Array
  /** The token's account at the end, in its smallest unit. */
  readonly money: {
    readonly genesisSupply: bigint
    readonly emitted: bigint
    readonly burned: bigint
    readonly supply: bigint
    /** What schedule and burn gave the right to emit. */
    readonly budget: bigint
  }
}

/** How many samples a run has. */
export const sampleCount = ({ epochs, sampleEpochs }: EconomyParameters): number =>
  Math.floor(epochs / sampleEpochs)

/**
 * Runs one network from genesis to the last epoch. The same task gives the same trace, bit for bit: money is in integers, and what is in floating point uses
 * + − × ÷ only, which IEEE 754 fixes, so even another engine comes to it.
 */
export function simulateNetwork({ scenario, seed, parameters }: SimulationTask): Trace {
  const random = seededRandom(BigInt(seed))
  const operators = openOperators(parameters, random)
  const customers = openCustomers(parameters)
  const market = openMarket(parameters)
  const ledger = openLedger(parameters)
  const recorder = openRecorder(parameters)
  let pay: PayRates = { coverageUsd: 0, usageUsd: 0, expectedCoverageUsd: 0, expectedUsageUsd: 0 }
  for (let epoch = 0; epoch < parameters.epochs; epoch++) {
    const climate = climateAt(parameters.shocks, epoch)
    const { priceUsd } = market
    const service = stepCustomers(customers, parameters, operators.totals.capacity, climate.demand)
    const credits = BigInt(Math.round(service.paidUsd * 1e6))
    const money = settleEpoch(ledger, parameters, epoch, credits, integerPrice(priceUsd))
    pay = nextPay(pay, money, priceUsd, operators.totals)
    stepOperators(operators, parameters, pay, climate, random.next())
    const earned = tokens(money.coverage + money.usage + money.seller)
    stepMarket(
      market,
      parameters,
      {
        supply: tokens(ledger.supply),
        boughtUsd: tokens(money.payment) * priceUsd,
        soldUsd: earned * priceUsd * parameters.behaviour.soldShare,
        netBurnUsd: tokens(money.burned - money.reEmitted) * priceUsd,
        sentiment: climate.sentiment,
      },
      random,
    )
    recorder.add({
      worthUsd: market.burnedUsdPerYear / parameters.market.discount,
      ledger,
      money,
      priceUsd,
      paidUsd: tokens(money.payment) * priceUsd,
      totals: operators.totals,
    })
  }
  return {
    scenario,
    seed,
    samples: sampleCount(parameters),
    values: recorder.values,
    money: account(ledger, parameters),
  }
}

const tokens = (amount: bigint): number => Number(amount) / 1e18

const integerPrice = (priceUsd: number) => ({
  value: BigInt(Math.max(1, Math.round(priceUsd * 1e8))),
  decimals: 8,
})

function nextPay(
  pay: PayRates,
  money: EpochMoney,
  priceUsd: number,
  { capacity, demand }: { capacity: number; demand: number },
): PayRates {
  const coverageUsd = capacity === 0 ? 0 : (tokens(money.coverage) * priceUsd) / capacity
  const usageUsd = demand === 0 ? 0 : (tokens(money.usage + money.seller) * priceUsd) / demand
  return {
    coverageUsd,
    usageUsd,
    expectedCoverageUsd: pay.expectedCoverageUsd + (coverageUsd - pay.expectedCoverageUsd) / 14,
    expectedUsageUsd: pay.expectedUsageUsd + (usageUsd - pay.expectedUsageUsd) / 14,
  }
}

function account(ledger: Ledger, { token }: EconomyParameters): Trace['money'] {
  return {
    genesisSupply: token.genesisSupply,
    emitted: ledger.emitted,
    burned: ledger.burned,
    supply: ledger.supply,
    budget: ledger.scheduled + ledger.reEmitted,
  }
}

interface Day {
  readonly ledger: Ledger
  readonly money: EpochMoney
  readonly priceUsd: number
  readonly paidUsd: number
  /** What is burned for good in a year over what holders ask: `fundamentalValue` in floating point. */
  readonly worthUsd: number
  readonly totals: { readonly active: number; readonly marginUsd: number; readonly hardwareUsd: number }
}

/** Adds days up and writes a sample each `sampleEpochs` days; days after the last whole stretch are not sampled. */
function openRecorder(parameters: EconomyParameters) {
  const samples = sampleCount(parameters)
  const days = parameters.sampleEpochs
  const values = new Float64Array(metrics.length * samples)
  const sums = { burned: 0, emitted: 0, burnedUsd: 0, emittedUsd: 0, margin: 0, hardware: 0, paid: 0 }
  let day = 0
  return {
    values,
    add: ({ ledger, money, priceUsd, paidUsd, worthUsd, totals }: Day): void => {
      const burned = tokens(money.burned)
      const emitted = tokens(money.emitted)
      sums.burned += burned
      sums.emitted += emitted
      sums.burnedUsd += burned * priceUsd
      sums.emittedUsd += emitted * priceUsd
      sums.margin += totals.marginUsd
      sums.hardware += totals.hardwareUsd
      sums.paid += paidUsd
      day += 1
      if (day % days !== 0) return
      const row: Record<(typeof metrics)[number]['name'], number> = {
        supply: tokens(ledger.supply),
        burned: sums.burned / days,
        emitted: sums.emitted / days,
        revenueCover: ratio(sums.burnedUsd, sums.emittedUsd, COVER_MAX),
        operators: totals.active,
        paybackDays: ratio(sums.hardware, sums.margin, PAYBACK_DAYS_MAX),
        paid: sums.paid / days,
        price: priceUsd,
        worth: worthUsd / tokens(ledger.supply),
      }
      metrics.forEach(({ name }, index) => {
        values[index * samples + day / days - 1] = row[name]
      })
      for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] = 0
    },
  }
}

const ratio = (above: number, below: number, most: number): number =>
  below <= 0 ? (above === 0 && below === 0 ? 0 : most) : Math.min(most, above / below)
