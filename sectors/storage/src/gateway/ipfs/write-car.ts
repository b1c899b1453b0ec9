import type { CID } from 'multiformats/cid'
import type { Block } from './walk-dag.ts'

/** A CAR, version 1, of blocks as they come (IPLD, "CARv1 specification"). */
export async function* writeCar(root: CID, blocks: AsyncIterable<Block>): AsyncGenerator<Uint8Array, void> {
  yield carHeader(root)
  for await (const { cid, bytes } of blocks) {
    yield Buffer.concat([varint(cid.bytes.length + bytes.length), cid.bytes])
    if (bytes.length > 0) yield bytes
  }
}

/** `{roots: [root], version: 1}` in DAG-CBOR: a CID is tag 42 over its bytes with a zero byte before them. Behind its length. */
export function carHeader({ bytes }: CID): Uint8Array {
  const link = Buffer.concat([Buffer.of(0), bytes])
  const length = link.length < 24 ? Buffer.of(0x40 + link.length) : Buffer.of(0x58, link.length)
  const header = Buffer.concat([
    Buffer.of(0xa2, 0x65),
    Buffer.from('roots'),
    Buffer.of(0x81, 0xd8, 0x2a),
    length,
    link,
    Buffer.of(0x67),
    Buffer.from('version'),
    Buffer.of(0x01),
  ])
  return Buffer.concat([varint(header.length), header])
}

/** LEB128, unsigned. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.of(...bytes, left)
    bytes.push((left % 128) | 128)
  }
}
