import { mulDiv } from '../arithmetic/mul-div.ts'
import { BPS } from '../arithmetic/units.ts'
import { creditsForBurn, type Price } from '../credits/credits.ts'

/** What is known of the epochs that one root covers. Tokens in their smallest unit, credits in millionths of a dollar. */
export interface RangeFacts {
  readonly first: number
  readonly last: number
  /** What the schedule emitted, the verifiers' share included. */
  readonly emitted: bigint
  /** What customers spent, by payer. */
  readonly spent: readonly {
    readonly payer: string
    readonly credits: bigint
    readonly burned: bigint
    readonly paid: bigint
  }[]
  /** What devices earned, by owner; undefined where it can not be told any more. */
  readonly earned: readonly { readonly owner: string; readonly tokens: bigint }[] | undefined
  /** Units of work of all programs. */
  readonly work: bigint
  /** Dollars per token at the end of the range; undefined where no feed was accepted by then. */
  readonly price: Price | undefined
}

/** Whether demand carries a network's incentives, over the epochs of one root. Shares in basis points; undefined where there is nothing to compare with. */
export interface RangeStatement {
  readonly first: number
  readonly last: number
  readonly emitted: bigint
  readonly burned: bigint
  /** To sellers, by customers. */
  readonly paid: bigint
  /** emitted − burned: below zero the supply shrank. */
  readonly netIssuance: bigint
  /** Dollars that customers spent, in credits, and the part of them that was burned. */
  readonly spentCredits: bigint
  readonly burnedCredits: bigint
  /** What was emitted, in credits, at the price. */
  readonly emittedCredits: bigint | undefined
  /** Dollars burned per dollar emitted. */
  readonly revenueCoverBps: bigint | undefined
  readonly work: bigint
  /** What a million units of work cost the network in emission, in credits. */
  readonly creditsPerMillionWork: bigint | undefined
  /** Herfindahl index of payers by what they spent, and of owners by what they earned: 10 000 is a single one. */
  readonly payerConcentrationBps: bigint | undefined
  readonly ownerConcentrationBps: bigint | undefined
}

const MILLION = 1_000_000n

/** Derives the statement of a range (spec 7, Statement). Rounds down. */
export function deriveStatement(facts: RangeFacts): RangeStatement {
  const { first, last, emitted, spent, earned, work, price } = facts
  const burned = sum(spent.map((part) => part.burned))
  const paid = sum(spent.map((part) => part.paid))
  const emittedCredits = price === undefined ? undefined : creditsForBurn(emitted, price)
  const burnedCredits = sum(spent.map(burnedCreditsOf))
  return {
    first,
    last,
    emitted,
    burned,
    paid,
    netIssuance: emitted - burned,
    spentCredits: sum(spent.map(({ credits }) => credits)),
    burnedCredits,
    emittedCredits,
    revenueCoverBps: share(burnedCredits, emittedCredits),
    work,
    creditsPerMillionWork:
      emittedCredits === undefined || work === 0n ? undefined : mulDiv(emittedCredits, MILLION, work),
    payerConcentrationBps: concentration(byName(spent.map(({ payer, credits }) => [payer, credits]))),
    ownerConcentrationBps: concentration(byName((earned ?? []).map(({ owner, tokens }) => [owner, tokens]))),
  }
}

/** The burned part of what was spent, in dollars: in the proportion of its tokens. */
function burnedCreditsOf({ credits, burned, paid }: RangeFacts['spent'][number]): bigint {
  return burned + paid === 0n ? 0n : mulDiv(credits, burned, burned + paid)
}

function share(part: bigint, whole: bigint | undefined): bigint | undefined {
  return whole === undefined || whole === 0n ? undefined : mulDiv(part, BPS, whole)
}

function byName(parts: readonly (readonly [string, bigint])[]): readonly bigint[] {
  const totals = new Map<string, bigint>()
  for (const [name, amount] of parts) totals.set(name, (totals.get(name) ?? 0n) + amount)
  return [...totals.values()]
}

function concentration(amounts: readonly bigint[]): bigint | undefined {
  const total = sum(amounts)
  if (total === 0n) return undefined
  return (sum(amounts.map((amount) => amount * amount)) * BPS) / (total * total)
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}
