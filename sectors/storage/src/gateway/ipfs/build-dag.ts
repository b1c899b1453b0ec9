import { importByteStream } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import { code as rawCode } from 'multiformats/codecs/raw'
import type { IndexedBlock } from './block-index.ts'

/** Blocks handed on at once. */
const batchSize = 512

/**
 * Builds the UnixFS DAG of a stream, as IPIP-499's profile `unixfs-v1-2025` has it: CID version 1, raw leaves of 1 MiB, balanced, at most 1 024 links in a node. The bytes of leaves are not kept.
 *
 * @param keep takes blocks, leaves in order of the bytes; those of one call are right as soon as it is made
 * @returns the root
 */
export async function buildDag(
  bytes: AsyncIterable<Uint8Array>,
  keep: (blocks: readonly IndexedBlock[]) => void,
): Promise<CID> {
  let batch: IndexedBlock[] = []
  let at = 0
  const put = (cid: CID, block: Uint8Array) => {
    const isLeaf = cid.code === rawCode
    // The importer cuts leaves one after another, and with one at a time hands them on in that order.
    const end = isLeaf ? at + block.length : at
    batch.push({ digest: cid.multihash.digest, node: isLeaf ? undefined : block, start: at, end })
    at = end
    if (batch.length === batchSize) {
      keep(batch)
      batch = []
    }
    return cid
  }
  const { cid } = await importByteStream(
    bytes,
    { put: async (id, block) => put(CID.asCID(id)!, await whole(block)) },
    { profile: 'unixfs-v1-2025', blockWriteConcurrency: 1 },
  )
  keep(batch)
  return CID.asCID(cid)!
}

/** Blocks come at once or as streams. */
async function whole(
  block: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<Uint8Array> {
  if (block instanceof Uint8Array) return block
  const parts: Uint8Array[] = []
  for await (const part of block) parts.push(part)
  return Buffer.concat(parts)
}
