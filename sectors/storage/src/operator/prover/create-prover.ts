import type { Clock, Logger } from '@cairn/runtime'
import type { LeafProof } from '../../possession/answer-challenges.ts'
import type { LeafChallenge } from '../../possession/leaf-challenges.ts'
import { createProblemBook, type Problem } from '../problem-book.ts'
import type { RowStore } from '../store/open-row-store.ts'
import { answerBundleChallenges } from './answer-bundle-challenges.ts'

/** A data set of this device, and what it owes now. */
export interface SetStanding {
  readonly rail: bigint
  readonly set: bigint
  readonly period: number
  /** Whether the period's window is open, and its beacon may be taken still. */
  readonly isCapturable: boolean
  readonly isProven: boolean
  /** None before the beacon is taken, or where nothing is owed. */
  readonly challenges: readonly LeafChallenge[]
  /** Missed periods so far. */
  readonly faults: number
  /** Pieces that the contract said are removed: their rows need not be kept for it. */
  readonly removed: readonly number[]
}

/** What a prover reads from and sends to the chain. Sending resolves when it is in. */
export interface ProverChain {
  readSets(): Promise<readonly SetStanding[]>
  capture(standing: SetStanding): Promise<void>
  prove(set: bigint, proofs: readonly LeafProof[]): Promise<void>
}

/** How a prover gets on. */
export interface ProverStatus {
  readonly sets: number
  readonly proofs: number
  readonly faults: number
  /** The last period proven, by set. */
  readonly lastProven: ReadonlyMap<bigint, number>
  /** What keeps a set from being proven now: the error's code and words, by set. */
  readonly problems: ReadonlyMap<bigint, Problem>
}

/** Proves a device's sets, period by period. */
export interface Prover {
  /** Does what there is to do now. What fails for one set is a problem of that set alone, and is tried again in the next turn. */
  step(): Promise<void>
  /** Steps until the signal ends it. */
  run(signal: AbortSignal): Promise<void>
  status(): ProverStatus
}

/** What a prover is made of. */
export interface ProverOptions {
  readonly store: Pick<RowStore, 'readBundle' | 'openPiece' | 'dropBundle' | 'bundles' | 'collect'>
  readonly chain: ProverChain
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'error'>
  /** Between turns, ms. */
  readonly pollMs: number
}

/** A prover that has done nothing yet. */
export function createProver({ store, chain, clock, log, pollMs }: ProverOptions): Prover {
  const lastProven = new Map<bigint, number>()
  const problems = createProblemBook<bigint>(log, 'a set is not proven yet')
  let counts = { sets: 0, proofs: 0, faults: 0 }

  const tend = async (standing: SetStanding): Promise<void> => {
    const { rail, set, period, challenges } = standing
    for (const piece of standing.removed) {
      const isKept = store.bundles().some((bundle) => bundle.rail === rail && bundle.piece === piece)
      if (isKept) await store.dropBundle(rail, piece)
    }
    if (standing.isProven) return problems.clear(set)
    if (challenges.length === 0) {
      if (standing.isCapturable) await chain.capture(standing)
      return
    }
    await chain.prove(set, await answerBundleChallenges(store, rail, challenges))
    problems.clear(set)
    lastProven.set(set, period)
    counts.proofs += 1
    log.info({ set: String(set), period }, 'proven')
  }

  const step = async (): Promise<void> => {
    const sets = await chain.readSets()
    counts = { ...counts, sets: sets.length, faults: sets.reduce((sum, { faults }) => sum + faults, 0) }
    for (const standing of sets) await tend(standing).catch((error) => problems.tell(standing.set, error))
    await store.collect(Math.floor(clock.now() / 1_000))
  }

  return {
    step,
    async run(signal) {
      while (!signal.aborted) {
        await step().catch((error) => log.error({ err: error }, 'the chain or the store could not be asked'))
        await clock.sleep(pollMs, signal).catch(() => {})
      }
    },
    status: () => ({ ...counts, lastProven: new Map(lastProven), problems: problems.all() }),
  }
}
