import type { Hex } from '@cairn/protocol'
import type { Cast, Stage } from './stage.ts'
import type { Bond } from './watch-chain.ts'

/** An attack, told by processes that play it. */
export interface Story {
  readonly name: string
  /** What the liar does and what comes of it, in a sentence. */
  readonly title: string
  /** @param liars of verifiers, where they lie alone */
  cast(liars: number): Omit<Cast, 'watcher'>
  /** Waits for what has to happen, and says what did. */
  tell(stage: Stage, say: (text: string) => void): Promise<Outcome>
}

/** A bond before and after, in the token's smallest unit. */
export interface BondChange extends Omit<Bond, 'amount'> {
  readonly before: bigint
  readonly after: bigint
}

/** A challenge that was won. */
export interface WonChallenge {
  /** Spec 6, Challenges. */
  readonly kind: number
  readonly transaction: Hex
  readonly winner: Hex
}

/** How a story ended. */
export interface Outcome {
  /** The root that liars attested; null where the lie is not in a root. */
  readonly falseRoot: { readonly root: Hex; readonly state: string } | null
  /** The challenge that brought it down; null where there was none. */
  readonly challenge: WonChallenge | null
  /** Disputes there were, with how they ended. */
  readonly disputes: readonly { readonly kind: number; readonly tree: string; readonly state: string }[]
  readonly bonds: readonly BondChange[]
  /** What the watcher got of what was slashed; null where nobody did. */
  readonly collected: bigint | null
  /** The first root that became final, and what a fresh process recomputed in its place. Null where none did. */
  readonly finalRoot: Hex | null
  readonly honestRoot: Hex | null
  /** Claimed by devices from the final root. */
  readonly paid: bigint
}
