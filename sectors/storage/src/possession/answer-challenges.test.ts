import { fromHex } from '@cairn/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { patterned } from '../patterned.fixture.ts'
import { derivePieceIndex } from '../piece/piece-hasher.ts'
import type { PieceSegment } from '../piece/piece-path.ts'
import { verifyPiecePath } from '../piece/piece-path.ts'
import { answerChallenges, challengedLeaves, type HeldPiece } from './answer-challenges.ts'
import { deriveLeafChallenges } from './leaf-challenges.ts'

const hold = (data: Uint8Array): HeldPiece => {
  const index = derivePieceIndex(data)
  const read = async ({ offset, lengthBytes }: PieceSegment) => data.slice(offset, offset + lengthBytes)
  return { root: index.root, index, read }
}

test('default: every challenge of a set is answered with a path to its piece', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 4 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      async (sizes, beacon) => {
        const held = sizes.map((size, i) => hold(patterned(size, i + 1)))
        const leaves = held.map(({ index }) => challengedLeaves(index))
        const challenges = deriveLeafChallenges({ beacon, set: 3n, challenges: 5 }, leaves)
        const proofs = await answerChallenges(challenges, async (piece) => held[piece])
        expect(proofs).toHaveLength(5)
        for (const [i, { piece, leaf }] of challenges.entries()) {
          const { root, index } = held[piece]!
          const path = proofs[i]!.path.map(fromHex)
          expect(path).toHaveLength(index.height)
          expect(verifyPiecePath(root, fromHex(proofs[i]!.leaf), leaf, path)).toBe(true)
        }
      },
    ),
    { numRuns: 30 },
  )
})

test('behavior: as many leaves are challenged as the contract takes for a tree of that height', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300_000 }), (size) => {
      const { height } = derivePieceIndex(patterned(size))
      expect(Math.ceil(Math.log2(challengedLeaves({ sizeBytes: size })))).toBe(height)
    }),
    { numRuns: 50 },
  )
})

test('error: a piece that is gone', async () => {
  const answer = answerChallenges([{ piece: 2, leaf: 0 }], async () => undefined)
  await expect(answer).rejects.toMatchObject({ code: 'no_such_piece' })
})

test('error: another piece in its place', async () => {
  const wrong = { ...hold(patterned(500)), root: new Uint8Array(32).fill(1) }
  const answer = answerChallenges([{ piece: 0, leaf: 0 }], async () => wrong)
  await expect(answer).rejects.toMatchObject({ code: 'piece_differs' })
})

test('error: a bit that turned', async () => {
  const data = patterned(500)
  const held = hold(data)
  data[77]! ^= 1
  const answer = answerChallenges([{ piece: 0, leaf: 0 }], async () => held)
  await expect(answer).rejects.toMatchObject({ code: 'wrong_segment' })
})
