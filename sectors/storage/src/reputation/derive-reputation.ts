import { compareBytes, concatBytes, type Hex, keccak256, toHex } from '@cairn/protocol'
import { type Containment, createJudge, type RecordEffect } from './judge-record.ts'
import { dayOf, type Ledger, openLedger, SECONDS_A_DAY } from './ledger.ts'
import {
  DIMENSIONS,
  type Dimension,
  leastOf,
  ONE,
  type ReputationParameters,
  requireParameters,
} from './parameters.ts'
import { type RecordScope, type ReputationRecord, recordHash } from './record.ts'

/** In millionths, by dimension. */
export type Scores = Readonly<Record<Dimension, bigint>>

/** A record with what it did. */
export interface Change {
  readonly record: ReputationRecord
  readonly hash: Hex
  /** The chain of hashes up to this record: where two parties' differ, they do not have the same records. */
  readonly head: Hex
  readonly effect: RecordEffect
  /** The scores just before it and after it, both at its time, of the dimensions it changed. */
  readonly scores: readonly {
    readonly dimension: Dimension
    readonly before: bigint
    readonly after: bigint
  }[]
}

/** What is thought of an operator's device, and why. */
export interface Reputation {
  readonly scores: Scores
  /** Of the placements it could have, in millionths: what its worst score leaves, of what vetting leaves. */
  readonly placement: bigint
  readonly vetting: {
    /** Days with a proven period, and days since the first record. */
    readonly proofs: number
    readonly days: number
    readonly share: bigint
  }
  readonly contained: readonly Containment[]
  /** One for each record, in their order. */
  readonly changes: readonly Change[]
  /** Of all of them; zeros without any. */
  readonly head: Hex
  /** Records after `until`, which are not among them. */
  readonly later: number
}

/** Whose reputation, and when. */
export interface ReputationScope extends RecordScope {
  /** Unix seconds. */
  readonly until: number
  /** Of the device, in lower case: what it says of itself does not count. */
  readonly owner?: Hex
}

/**
 * An operator's reputation from what is on record (spec 10, Reputation): by integers alone, the same for everybody who has
 * the same records, in whatever order they came and however often each.
 *
 * @throws ReputationError `bad_parameters`
 */
export const deriveReputation = (
  records: readonly ReputationRecord[],
  scope: ReputationScope,
  parameters: ReputationParameters,
): Reputation => {
  const ledger = openLedger(requireParameters(parameters))
  const judge = createJudge(ledger, parameters, scope.owner)
  const ordered = inOrder(records, scope)
  const changes: Change[] = []
  let head: Uint8Array = new Uint8Array(32)
  for (const { record, hash } of ordered.filter(({ record }) => record.at <= scope.until)) {
    const before = scoresAt(ledger, record.at)
    const effect = judge.judge(record)
    const after = scoresAt(ledger, record.at)
    head = keccak256(concatBytes(head, hash))
    changes.push({
      record,
      hash: toHex(hash),
      head: toHex(head),
      effect,
      scores: DIMENSIONS.filter((name) => before[name] !== after[name]).map((dimension) => ({
        dimension,
        before: before[dimension],
        after: after[dimension],
      })),
    })
  }
  const scores = scoresAt(ledger, scope.until)
  const vetting = deriveVetting(changes, scope.until, parameters)
  return {
    scores,
    placement: (derivePlacement(scores, parameters) * vetting.share) / ONE,
    vetting,
    contained: judge.contained(),
    changes,
    head: toHex(head),
    later: ordered.length - changes.length,
  }
}

/**
 * The first record that two derivations do not share; undefined where they have the same. Each hash covers all before it, so
 * that this takes the logarithm of their number, and two parties can do it by asking each other for single hashes.
 */
export const findDivergence = (a: readonly Change[], b: readonly Change[]): number | undefined => {
  const both = Math.min(a.length, b.length)
  let low = 0
  let high = both
  while (low < high) {
    const middle = (low + high) >> 1
    if (a[middle]!.head === b[middle]!.head) low = middle + 1
    else high = middle
  }
  return low === both && a.length === b.length ? undefined : low
}

/** The share that the worst score leaves, before vetting. */
export const derivePlacement = (scores: Scores, { thresholds }: ReputationParameters): bigint =>
  leastOf(
    DIMENSIONS.map((dimension) => {
      const { none, full } = thresholds[dimension]
      if (scores[dimension] >= full) return ONE
      return scores[dimension] <= none ? 0n : ((scores[dimension] - none) * ONE) / (full - none)
    }),
  )

/** By time, then by hash; each once. */
const inOrder = (records: readonly ReputationRecord[], scope: RecordScope) => {
  const byHash = new Map<Hex, { readonly record: ReputationRecord; readonly hash: Uint8Array }>()
  for (const record of records) {
    const hash = recordHash(scope, record)
    byHash.set(toHex(hash), { record, hash })
  }
  return [...byHash.values()].sort((a, b) => a.record.at - b.record.at || compareBytes(a.hash, b.hash))
}

const scoresAt = (ledger: Ledger, at: number): Scores => ({
  possession: ledger.score('possession', at),
  integrity: ledger.score('integrity', at),
  retrieval: ledger.score('retrieval', at),
  uptime: ledger.score('uptime', at),
})

/** New operators get few placements until they have shown that they stay. Days of proofs count: many sets at once show nothing more. */
const deriveVetting = (
  changes: readonly Change[],
  until: number,
  { vettingProofs, vettingDays, vettingShare }: ReputationParameters,
): Reputation['vetting'] => {
  const proven = changes.filter(({ record }) => record.outcome === 'proven')
  const proofs = new Set(proven.map(({ record }) => dayOf(record.at))).size
  const first = changes[0]?.record.at ?? until
  const days = Math.floor((until - first) / SECONDS_A_DAY)
  const part = (done: number, needed: number) => (BigInt(Math.min(done, needed)) * ONE) / BigInt(needed)
  const progress = leastOf([part(proofs, vettingProofs), part(days, vettingDays)])
  return { proofs, days, share: vettingShare + ((ONE - vettingShare) * progress) / ONE }
}
