import * as Peer from '@web3-storage/data-segment/multihash'
import { fromDigest } from '@web3-storage/data-segment/piece'
import { expect, test } from 'vitest'
import { patterned } from '../patterned.fixture.ts'
import { formatPieceCid } from './piece-cid.ts'
import { derivePiece } from './piece-hasher.ts'

const mebibyte = 1024 * 1024
const data = patterned(64 * mebibyte)

/** The peer pads and hashes in JavaScript, at 3 to 4 MB/s. It is fed in parts: given all at once it spreads every leaf as an argument. */
const peerCid = (bytes: Uint8Array): string => {
  const hasher = Peer.create()
  for (let at = 0; at < bytes.length; at += mebibyte) hasher.write(bytes.subarray(at, at + mebibyte))
  return fromDigest(hasher.digest()).link.toString()
}

const trees = Array.from({ length: 20 }, (_, i) => 127 * 2 ** i)
const sizes = [...trees, ...trees.map((size) => size + 1).slice(0, 17), 8 * mebibyte, 64 * mebibyte]

test.each(sizes)('behavior: the name of %i bytes is that of @web3-storage/data-segment', (size) => {
  const bytes = data.subarray(0, size)
  expect(formatPieceCid(derivePiece(bytes))).toBe(peerCid(bytes))
})
