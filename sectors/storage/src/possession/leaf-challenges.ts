import { concatBytes, keccak256 } from '@cairn/protocol'
import { PossessionError } from './possession-error.ts'

/** A leaf that is asked for. */
export interface LeafChallenge {
  /** The piece's id in its set. */
  readonly piece: number
  /** From 0, among the piece's leaves. */
  readonly leaf: number
}

/** What draws the challenges of a set in a period. */
export interface ChallengeSeed {
  /** 32 bytes: the beacon of the window's first epoch. */
  readonly beacon: Uint8Array
  readonly set: bigint
  /** How many. */
  readonly challenges: number
}

/**
 * What a set is asked for, as the contract has it: `position(i) = H(beacon ‖ u256 set ‖ u256 i) mod leaves`, counted through the
 * pieces in order (spec 10).
 *
 * @param leaves of each piece by its id, as they stood when the period froze; 0 for one that was removed
 * @throws PossessionError `no_leaves` for a set that owes nothing
 */
export const deriveLeafChallenges = (
  { beacon, set, challenges }: ChallengeSeed,
  leaves: readonly number[],
): readonly LeafChallenge[] => {
  const ends = sumUp(leaves)
  const total = ends.at(-1) ?? 0n
  if (total === 0n) {
    throw new PossessionError({
      code: 'no_leaves',
      message: `Data set ${set} had no leaves when the period froze, so nothing is asked of it.`,
      fix: 'Prove sets that hold something; an empty one owes nothing.',
      field: 'leaves',
      value: '0',
    })
  }
  return Array.from({ length: challenges }, (_, i) => {
    const hash = keccak256(concatBytes(beacon, word(set), word(BigInt(i))))
    return findLeaf(ends, toInteger(hash) % total)
  })
}

/** The first place behind each piece. */
const sumUp = (leaves: readonly number[]): readonly bigint[] => {
  let sum = 0n
  return leaves.map((count) => (sum += BigInt(count)))
}

/** The first piece that ends behind the position holds it. */
const findLeaf = (ends: readonly bigint[], position: bigint): LeafChallenge => {
  let low = 0
  let high = ends.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (ends[middle]! > position) high = middle
    else low = middle + 1
  }
  return { piece: low, leaf: Number(position - (low === 0 ? 0n : ends[low - 1]!)) }
}

const word = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setBigUint64(24, value)
  return bytes
}

const toInteger = (bytes: Uint8Array): bigint =>
  bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
