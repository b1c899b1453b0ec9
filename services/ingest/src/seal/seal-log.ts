import {
  createEvidenceFrontier,
  encodeSegment,
  type Hex,
  parseReport,
  recordHash,
  SEGMENT_LEAVES,
  segmentId,
  toHex,
} from '@cairn/protocol'
import { type ObjectStore, sha256 } from '@cairn/runtime'
import { readLog } from '../log/read-log.ts'
import type { Manifest } from './manifest.ts'

/** What {@link sealLog} needs. */
export interface SealLogOptions {
  readonly path: string
  readonly epoch: number
  /** Reports of the log to seal: all of them, unless a fault is injected. */
  readonly count: number
  readonly segments: Pick<ObjectStore, 'put'>
}

/**
 * Derives the evidence root of a log and writes its segments, one at a time, reading from disk what was acknowledged rather
 * than trusting memory. Sealing a log again gives the same manifest and writes nothing that is there.
 *
 * @returns undefined for a log without reports, of which nothing is committed
 * @throws EvidenceError (`corrupt_log`) when the log is damaged or shorter than `count`
 */
export async function sealLog({
  path,
  epoch,
  count,
  segments,
}: SealLogOptions): Promise<Manifest | undefined> {
  const frontier = createEvidenceFrontier()
  const ids: Hex[] = []
  let sizeBytes = 0
  let pending: Uint8Array[] = []
  let hashes = new Uint8Array(32 * SEGMENT_LEAVES)

  const flush = async () => {
    const id = segmentId(hashes.subarray(0, 32 * pending.length), count)
    await segments.put(id, encodeSegment(pending))
    ids.push(id)
    pending = []
    hashes = new Uint8Array(32 * SEGMENT_LEAVES)
  }
  for await (const group of readLog(path, epoch)) {
    for (const bytes of group.reports) {
      if (frontier.count === count) break
      const { headerBytes, signature } = parseReport(bytes)
      const hash = recordHash(headerBytes, signature, sha256)
      hashes.set(hash, 32 * pending.length)
      pending.push(bytes.slice())
      frontier.append(hash)
      sizeBytes += bytes.length
      if (pending.length === SEGMENT_LEAVES) await flush()
    }
  }
  if (pending.length > 0) await flush()
  if (frontier.count !== count) {
    throw new Error(
      `The log of epoch ${epoch} has ${frontier.count} reports and ${count} were made durable. Restore ${path} from a copy.`,
    )
  }
  return count === 0 ? undefined : { epoch, root: toHex(frontier.root()), count, sizeBytes, segments: ids }
}
