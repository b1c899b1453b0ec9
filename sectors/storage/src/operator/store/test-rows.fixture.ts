import { sha256 } from '@cairn/runtime'
import { patterned } from '../../patterned.fixture.ts'
import { derivePieceIndex } from '../../piece/piece-hasher.ts'
import { encodeDescriptor } from '../../wire/slab-descriptor.ts'
import type { NewRow } from './open-row-store.ts'

export const testCustomerAddress = `0x${'ab'.repeat(20)}` as const

/** Row 0 of a slab of two equal rows, of bytes that follow from the seed; the first of them may be given. */
export function testRow(
  seed: number,
  sizeBytes = 300,
  keptUntil = 1_000_000,
  begin: Uint8Array = new Uint8Array(0),
): NewRow {
  const bytes = patterned(sizeBytes, seed + 1)
  bytes.set(begin)
  const piece = derivePieceIndex(bytes)
  const descriptor = encodeDescriptor({
    kind: 'journal',
    customer: testCustomerAddress,
    sequence: BigInt(seed),
    sizeBytes,
    dataRows: 1,
    rows: 2,
    roots: [piece.root, piece.root],
  })
  return { slab: sha256(descriptor), row: 0, descriptor, bytes, nodes: piece.nodes, keptUntil }
}
