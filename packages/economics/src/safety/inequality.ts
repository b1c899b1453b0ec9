/** What an inequality is about. */
export type InequalityName =
  | 'collusion'
  | 'watching pays'
  | 'lazy watcher'
  | 'lazy verifier'
  | 'griefing'
  | 'withholding'
  | 'lateness'
  | 'operator'
  | 'self-dealing'
  | 'response'
  | 'challenge window'
  | 'exit'
  | 'quorum'

/** A parameter of a network that can make an inequality hold. Bonds are each holder's; shares are those of the program where most comes back. */
export type SafetyParameter =
  | 'verifierBond'
  | 'ingestBond'
  | 'challengeBond'
  | 'operatorBond'
  | 'sellerBps'
  | 'returnBps'
  | 'responseSeconds'
  | 'challengeSeconds'
  | 'exitSeconds'
  | 'verifiers'

/** A value of one parameter with which the inequality holds while the others stay. */
export interface Remedy {
  readonly parameter: SafetyParameter
  readonly bound: 'least' | 'most'
  readonly value: bigint
}

/** `left ≥ right`, or cheating pays. */
export interface Inequality {
  readonly name: InequalityName
  readonly left: bigint
  readonly right: bigint
  /** Of both sides. Tokens are in their smallest unit, credits are millionths of a dollar. */
  readonly unit: 'tokens' | 'credits' | 'seconds' | 'bps' | 'verifiers'
  readonly holds: boolean
  /** What stands on the left, and what on the right. */
  readonly meaning: string
  readonly remedy: Remedy
}

/** An inequality with what follows from its sides. */
export function inequality(parts: Omit<Inequality, 'holds'>): Inequality {
  return { ...parts, holds: parts.left >= parts.right }
}
