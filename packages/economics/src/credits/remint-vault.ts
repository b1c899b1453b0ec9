import { least, mulDiv } from '../arithmetic/mul-div.ts'
import { BPS, TOKEN } from '../arithmetic/units.ts'
import { inconsistent, requireRange } from '../economics-error.ts'
import { burnForCredits, CREDITS_PER_USD, creditsForBurn, type Price, tokensForCredits } from './credits.ts'

/**
 * Credits that are settled in tokens at the price of the day (Akash AEP-76): what payers burn is kept as a right to mint again, and only what that does not
 * cover is minted anew.
 */
export interface RemintVault {
  /** Tokens burned and not minted again yet. */
  readonly remintable: bigint
  /** Credits that were minted and not settled yet. */
  readonly outstanding: bigint
  /** Whether new credits may be minted. */
  readonly paused: boolean
}

export interface RemintLimits {
  /** Taken of each mint for the vault, in basis points: 0 to 1000 (AEP-76: 25). */
  readonly spreadBps: bigint
  /** Minting stops below this collateral ratio, in basis points (9000) … */
  readonly haltBps: bigint
  /** … and begins again from this one (9300). */
  readonly restartBps: bigint
}

export const emptyRemintVault: RemintVault = { remintable: 0n, outstanding: 0n, paused: false }

/** Burns tokens for exactly `credits`, rounded up. Undefined while minting is paused. */
export function mintExactCredits(
  limits: RemintLimits,
  vault: RemintVault,
  credits: bigint,
  price: Price,
): { readonly vault: RemintVault; readonly burned: bigint } | undefined {
  if (vault.paused) return undefined
  requireRange('spreadBps', limits.spreadBps, 0n, 1_000n)
  const burned = burnForCredits(
    (credits * BPS + BPS - limits.spreadBps - 1n) / (BPS - limits.spreadBps),
    price,
  )
  return { vault: watchRatio(limits, afterMint(vault, burned, credits), price), burned }
}

/** Burns `tokens` for credits, rounded down and less the spread. Undefined while minting is paused. */
export function mintCreditsFor(
  limits: RemintLimits,
  vault: RemintVault,
  tokens: bigint,
  price: Price,
): { readonly vault: RemintVault; readonly credits: bigint } | undefined {
  if (vault.paused) return undefined
  requireRange('spreadBps', limits.spreadBps, 0n, 1_000n)
  const credits = mulDiv(creditsForBurn(tokens, price), BPS - limits.spreadBps, BPS)
  return { vault: watchRatio(limits, afterMint(vault, tokens, credits), price), credits }
}

const afterMint = (vault: RemintVault, burned: bigint, credits: bigint): RemintVault => ({
  ...vault,
  remintable: vault.remintable + burned,
  outstanding: vault.outstanding + credits,
})

/** What a settlement or a refund pays. Neither is ever stopped. */
export interface RemintPayment {
  readonly vault: RemintVault
  /** Tokens paid, rounded down; `fromVault + minted`. */
  readonly paid: bigint
  readonly fromVault: bigint
  readonly minted: bigint
}

/**
 * Settles `credits` at today's price: first from what was burned, then by minting.
 *
 * @throws EconomicsError for more credits than there are
 */
export function settleCredits(
  limits: RemintLimits,
  vault: RemintVault,
  credits: bigint,
  price: Price,
): RemintPayment {
  if (credits < 0n || credits > vault.outstanding) {
    throw inconsistent(
      'credits',
      `${credits} credits are to be settled, of ${vault.outstanding} outstanding.`,
      'Settle at most what is outstanding.',
    )
  }
  const paid = tokensForCredits(credits, price)
  const fromVault = least(paid, vault.remintable)
  const after = {
    ...vault,
    remintable: vault.remintable - fromVault,
    outstanding: vault.outstanding - credits,
  }
  return { vault: watchRatio(limits, after, price), paid, fromVault, minted: paid - fromVault }
}

/** Worth of the vault over outstanding credits, in basis points, rounded down. Undefined where nothing is outstanding. */
export function collateralRatioBps(
  { remintable, outstanding }: RemintVault,
  price: Price,
): bigint | undefined {
  if (outstanding === 0n) return undefined
  return mulDiv(
    remintable * price.value,
    CREDITS_PER_USD * BPS,
    outstanding * TOKEN * 10n ** BigInt(price.decimals),
  )
}

/** Pauses minting below `haltBps` and lets it go on from `restartBps`. Between the two nothing changes. */
export function watchRatio(limits: RemintLimits, vault: RemintVault, price: Price): RemintVault {
  if (limits.restartBps < limits.haltBps) {
    throw inconsistent(
      'restartBps',
      `Minting would begin again at ${limits.restartBps} basis points, below ${limits.haltBps} where it halts.`,
      'Choose a restart at or above the halt.',
    )
  }
  const ratio = collateralRatioBps(vault, price)
  if (ratio === undefined || ratio >= limits.restartBps) return { ...vault, paused: false }
  return ratio < limits.haltBps ? { ...vault, paused: true } : vault
}
