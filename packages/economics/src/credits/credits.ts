import { mulDiv, mulDivUp } from '../arithmetic/mul-div.ts'
import { BPS, TOKEN } from '../arithmetic/units.ts'
import { requireRange } from '../economics-error.ts'

/** A credit is a millionth of a dollar: credits have 6 decimals. */
export const CREDITS_PER_USD = 1_000_000n

/** Dollars per token: `value / 10^decimals`. */
export interface Price {
  readonly value: bigint
  readonly decimals: number
}

const tokensPerCredit = ({ value, decimals }: Price) => ({
  tokens: TOKEN * 10n ** BigInt(decimals),
  credits: CREDITS_PER_USD * value,
})

/** Credits for burning `tokens`: `⌊tokens · price · 10^6 / (10^18 · 10^decimals)⌋`. */
export function creditsForBurn(tokens: bigint, price: Price): bigint {
  const rate = tokensPerCredit(price)
  return mulDiv(tokens, rate.credits, rate.tokens)
}

/** Tokens to burn for `credits`, rounded up, so that no series of small burns is cheaper than a large one. */
export function burnForCredits(credits: bigint, price: Price): bigint {
  const rate = tokensPerCredit(price)
  return mulDivUp(credits, rate.tokens, rate.credits)
}

/** Tokens worth `credits`, rounded down: what somebody is paid. */
export function tokensForCredits(credits: bigint, price: Price): bigint {
  const rate = tokensPerCredit(price)
  return mulDiv(credits, rate.tokens, rate.credits)
}

/** What becomes of tokens a payer gives. */
export interface PaymentSplit {
  readonly burned: bigint
  readonly seller: bigint
}

/** Splits a payment: the seller's share is rounded down, the rest is burned, so the two always sum to `tokens`. */
export function splitPayment(tokens: bigint, sellerBps: bigint): PaymentSplit {
  requireRange('sellerBps', sellerBps, 0n, BPS)
  const seller = mulDiv(tokens, sellerBps, BPS)
  return { burned: tokens - seller, seller }
}

/**
 * The most a usage program may pay for what was burned for it, so that buying from oneself never pays: `⌊burned · returnBps / 10 000⌋`.
 *
 * @param returnBps 0 to 10 000
 */
export function usageRewardLimit(burned: bigint, returnBps: bigint): bigint {
  requireRange('returnBps', returnBps, 0n, BPS)
  return mulDiv(burned, returnBps, BPS)
}
