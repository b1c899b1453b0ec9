import { BPS } from './arithmetic/units.ts'
import { requireRange } from './economics-error.ts'

/** What decides on what a token is worth to somebody who only holds it. */
export interface Fundamentals {
  /** What payers spend in a year, in any unit of money. */
  readonly annualRevenue: bigint
  /** How much of what is burned is minted again, in basis points: 0 to 10 000. */
  readonly remintBps: bigint
  /** What holders ask for a year of waiting, in basis points: at least 1. */
  readonly discountBps: bigint
}

/**
 * The value of all tokens together, in the unit of the revenue: `V = (1 − s) · y / ρ`.
 *
 * With value V, supply M and burn u = (M/V)·y, holders that ask for ρ have `−V' = −ρV − (w/M)V + y`, where w is what is minted (U. Kalabic, "The Helium network
 * will be worth nothing", 2025). Let `w = s·u`; standing still gives the line above. At s = 1, when all that is burned is minted again, a token that is only
 * burned has no value but hope.
 */
export function fundamentalValue({ annualRevenue, remintBps, discountBps }: Fundamentals): bigint {
  requireRange('remintBps', remintBps, 0n, BPS)
  requireRange('discountBps', discountBps, 1n, 1_000_000n)
  return ((BPS - remintBps) * annualRevenue) / discountBps
}
