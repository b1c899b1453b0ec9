import { keccak256, toHex } from '@cairn/protocol'
import {
  answerChallenges,
  challengedLeaves,
  deriveLeafChallenges,
  derivePieceIndex,
  deriveProvingPeriod,
} from '@cairn/sector-storage'
import type { GeneratedFile } from './generated-files.ts'
import { vectorFile } from './vector-keys.ts'

const hashOf = (what: string): Uint8Array => keccak256(new TextEncoder().encode(`cairn possession ${what}`))

/** Bytes of a piece: hashes of its name and their place. */
const bytesOf = (name: string, size: number): Uint8Array => {
  const bytes = new Uint8Array(size)
  for (let offset = 0; offset < size; offset += 32) {
    bytes.set(hashOf(`${name} ${offset}`).subarray(0, size - offset), offset)
  }
  return bytes
}

/** A set with pieces of these sizes, some of them removed, challenged and proven. */
const scenario = async (set: number, sizes: readonly number[], removed: readonly number[]) => {
  const pieces = sizes.map((size, i) => {
    const data = bytesOf(`${set} ${i}`, size)
    const index = derivePieceIndex(data)
    return { data, index, leaves: challengedLeaves(index) }
  })
  const beacon = hashOf(`beacon ${set}`)
  const standing = pieces.map(({ leaves }, i) => (removed.includes(i) ? 0 : leaves))
  const challenges = deriveLeafChallenges({ beacon, set: BigInt(set), challenges: 5 }, standing)
  const proofs = await answerChallenges(challenges, async (piece) => {
    const { data, index } = pieces[piece]!
    return {
      root: index.root,
      index,
      read: async ({ offset, lengthBytes }) => data.subarray(offset, offset + lengthBytes),
    }
  })
  return {
    set,
    beacon: toHex(beacon),
    challenges: 5,
    roots: pieces.map(({ index }) => toHex(index.root)),
    leaves: pieces.map(({ leaves }) => leaves),
    removed,
    challengedPieces: challenges.map(({ piece }) => piece),
    challengedLeaves: challenges.map(({ leaf }) => leaf),
    proofLeaves: proofs.map(({ leaf }) => leaf),
    proofPaths: proofs.map(({ path }) => path),
  }
}

const clocks = () =>
  [
    { genesis: 1_800_000_000, epochSeconds: 3_600, periodEpochs: 24, windowEpochs: 4 },
    { genesis: 1_800_000_000, epochSeconds: 7, periodEpochs: 3, windowEpochs: 1 },
    { genesis: 1_700_000_001, epochSeconds: 86_400, periodEpochs: 65_535, windowEpochs: 65_533 },
  ].map((clock) => ({ clock, periods: [0, 1, 1_000].map((period) => deriveProvingPeriod(clock, period)) }))

/** Spec 10, Possession: what the contract and the prover compute alike. */
export async function generate(): Promise<GeneratedFile[]> {
  const many = Array.from({ length: 70 }, (_, i) => 1 + ((i * 977) % 3_000))
  const scenarios = await Promise.all([
    scenario(0, [1], []),
    scenario(1, [127, 128, 5_000, 254, 70_000, 31, 2_032], [2, 6]),
    scenario(2, many, [0, 4, 5, 6, 7, 69]),
  ])
  return [vectorFile('possession', { clocks: clocks(), scenarios })]
}
