import { readFileSync } from 'node:fs'
import { fromHex, toHex } from '@cairn/protocol'
import * as Peer from '@web3-storage/data-segment/multihash'
import { fromDigest } from '@web3-storage/data-segment/piece'
import { expect, test } from 'vitest'
import { encodePieceCid, formatPieceCid, parsePieceCid } from './piece-cid.ts'
import { derivePiece } from './piece-hasher.ts'
import { derivePiecePathOf, verifyPiecePath } from './piece-path.ts'

interface PieceVector {
  readonly sizeBytes: string
  readonly height: string
  readonly root: string
  readonly cid: string
  readonly cidBytes: string
  readonly paths: readonly {
    readonly index: string
    readonly leaf: string
    readonly path: readonly string[]
  }[]
}

const { pieces } = JSON.parse(
  readFileSync(new URL('../../../../specs/vectors/piece.json', import.meta.url), 'utf8'),
) as { readonly pieces: readonly PieceVector[] }

test.each(pieces)('default: the vectors of $sizeBytes bytes, and their name by another library', (vector) => {
  const data = Uint8Array.from(
    { length: Number(vector.sizeBytes) },
    (_, i) => (i + Math.floor(i / 251)) % 256,
  )
  const piece = derivePiece(data)
  expect({ height: String(piece.height), root: toHex(piece.root) }).toEqual({
    height: vector.height,
    root: vector.root,
  })
  expect(formatPieceCid(piece)).toBe(vector.cid)
  expect(toHex(encodePieceCid(piece))).toBe(vector.cidBytes)
  expect(parsePieceCid(vector.cid)).toEqual(piece)
  expect(fromDigest(Peer.digest(data)).link.toString()).toBe(vector.cid)
  for (const { index, leaf, path } of vector.paths) {
    expect(verifyPiecePath(piece.root, fromHex(leaf), Number(index), path.map(fromHex))).toBe(true)
    const derived = derivePiecePathOf(data, Number(index))
    expect([toHex(derived.leaf), derived.path.map(toHex)]).toEqual([leaf, path])
  }
})
