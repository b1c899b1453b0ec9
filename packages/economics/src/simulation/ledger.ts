import { least } from '../arithmetic/mul-div.ts'
import { WAD } from '../arithmetic/units.ts'
import { deriveBand, overflow } from '../budget/band.ts'
import { smoothBurn } from '../budget/net-emission.ts'
import { type Breaker, letFlow, openBreaker } from '../budget/outflow-breaker.ts'
import { splitBudget, weightsAt } from '../budget/program-weights.ts'
import {
  burnForCredits,
  creditsForBurn,
  type Price,
  splitPayment,
  tokensForCredits,
  usageRewardLimit,
} from '../credits/credits.ts'
import { exponentialDecay } from '../schedule/exponential-decay.ts'
import type { Schedule } from '../schedule/schedule.ts'
import type { EconomyParameters } from './parameters.ts'

/** A network's tokens, to the last unit. What a contract computes is computed here by the same functions. */
export interface Ledger {
  readonly schedule: Schedule
  supply: bigint
  emitted: bigint
  burned: bigint
  /** What the schedule gave the right to emit … */
  scheduled: bigint
  /** … and what burns did. Not all of it is emitted. */
  reEmitted: bigint
  smoothedBurn: bigint
  /** Paid beyond the cap to stakers, who keep it. */
  toStakers: bigint
  /** Waits because of the breaker. */
  backlog: bigint
  breaker: Breaker
}

/** What an epoch moved, in the token's smallest unit. */
export interface EpochMoney {
  /** Bought and given by payers. */
  readonly payment: bigint
  readonly burned: bigint
  /** Paid to sellers by payers. */
  readonly seller: bigint
  readonly coverage: bigint
  readonly usage: bigint
  readonly emitted: bigint
  /** Emitted again, of earlier burns. */
  readonly reEmitted: bigint
}

export const openLedger = ({ token }: EconomyParameters): Ledger => ({
  schedule: exponentialDecay(token.schedule),
  supply: token.genesisSupply,
  emitted: 0n,
  burned: 0n,
  scheduled: 0n,
  reEmitted: 0n,
  smoothedBurn: 0n,
  toStakers: 0n,
  backlog: 0n,
  breaker: openBreaker(token.breaker),
})

/**
 * Settles one epoch in which customers wanted to pay `credits` at `price`: burn, band, programs, breaker.
 *
 * A payment never takes more than a tenth of all tokens, which nobody could buy in a day. The usage program pays at most what was burned, and what it leaves is not
 * emitted, so that buying from oneself never pays.
 */
export function settleEpoch(
  ledger: Ledger,
  { token }: EconomyParameters,
  epoch: number,
  wanted: bigint,
  price: Price,
): EpochMoney {
  const needed = burnForCredits(wanted, price)
  const payment = needed > ledger.supply / 10n ? ledger.supply / 10n : needed
  const paid = tokensForCredits(creditsForBurn(payment, price), price)
  const { burned, seller } = splitPayment(payment, token.sellerBps)
  const scheduled = scheduledAt(ledger, token.scheduleEnds, epoch)
  ledger.smoothedBurn = smoothBurn(ledger.smoothedBurn, burned)
  const band = deriveBand(token.band, {
    scheduled,
    smoothedBurn: ledger.smoothedBurn,
    paidAtFloorPrice: paid,
    paidAtPrice: paid,
    paidDirectly: seller,
    reach: WAD,
  })
  const kept = overflow(seller + band.rewards, band.cap, band.rewards)
  const [coverage = 0n, usage = 0n] = splitBudget(band.rewards - kept, weightsAt(token.weights, epoch))
  const usageLimit = usageRewardLimit(burned, token.usageReturnBps)
  const programs = { coverage, usage: least(usage, usageLimit) }
  const flow = flowOut(ledger, token, epoch, programs)
  const emitted = flow.paid + kept
  const reEmitted = least(emitted, band.reEmitted + band.topUp)
  ledger.supply += emitted - burned
  ledger.emitted += emitted
  ledger.burned += burned
  ledger.scheduled += scheduled
  ledger.reEmitted += band.reEmitted + band.topUp
  ledger.toStakers += kept
  return { payment, burned, seller, coverage: flow.coverage, usage: flow.usage, emitted, reEmitted }
}

function scheduledAt({ schedule }: Ledger, ends: number, epoch: number): bigint {
  return epoch >= ends ? 0n : schedule.cumulative(epoch + 1) - schedule.cumulative(epoch)
}

/** Pays programs and backlog as far as the breaker lets them, both programs in proportion. */
function flowOut(
  ledger: Ledger,
  token: EconomyParameters['token'],
  epoch: number,
  { coverage, usage }: { coverage: bigint; usage: bigint },
): { paid: bigint; coverage: bigint; usage: bigint } {
  const flow = letFlow(token.breaker, ledger.breaker, epoch, coverage + usage + ledger.backlog)
  ledger.breaker = flow.breaker
  ledger.backlog = flow.deferred
  const whole = coverage + usage
  const coveragePaid = whole === 0n ? flow.paid : (flow.paid * coverage) / whole
  return { paid: flow.paid, coverage: coveragePaid, usage: flow.paid - coveragePaid }
}
