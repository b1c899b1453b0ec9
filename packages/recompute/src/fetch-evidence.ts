import { BaseError, type Hex, type NetworkId, type Sha256 } from '@cairn/protocol'
import type { ObjectStore } from '@cairn/runtime'
import { type Commitment, type Manifest, openSegment, parseManifest, requireCommitted } from './commitment.ts'

/** Gets at most `maxBytes` from a URL; rejects on any failure, and when there is more. */
export type FetchBytes = (url: string, maxBytes: number) => Promise<Uint8Array>

export interface EvidenceSources {
  readonly network: NetworkId
  /** Base URLs of ingests and verifiers, in the order to ask them. */
  readonly urls: readonly string[]
  readonly fetchBytes: FetchBytes
  /** Where segments are kept under their ids, and manifests under their evidence roots; what is here is not fetched again, but checked again. */
  readonly segments: ObjectStore
  readonly manifests: ObjectStore
  readonly sha256: Sha256
}

/** Nobody could give the evidence; `meta` says what each source answered. */
export class UnavailableError extends BaseError {}

/**
 * The reports of a commitment in index order, checked down to the committed root, from the local store or the first source that has them.
 *
 * @throws UnavailableError when no source gave what hashes to the root
 */
export async function fetchEvidence(commitment: Commitment, sources: EvidenceSources): Promise<Uint8Array[]> {
  const answers: Record<string, string> = {}
  for (const source of ['store', ...sources.urls]) {
    try {
      return await fetchFrom(source, commitment, sources)
    } catch (error) {
      answers[source] = error instanceof Error ? error.message.split('\n')[0]! : String(error)
    }
  }
  throw new UnavailableError({
    code: 'evidence_unavailable',
    message: `None of ${sources.urls.length} sources gave the ${commitment.count} reports of slot ${commitment.slot} (epoch ${commitment.epoch}).`,
    fix: 'Ask another ingest or verifier of the network for it; a commitment that nobody can get is voted unavailable.',
    meta: answers,
  })
}

async function fetchFrom(
  source: string,
  commitment: Commitment,
  sources: EvidenceSources,
): Promise<Uint8Array[]> {
  const { segments } = await manifestFrom(source, commitment, sources)
  const reports: Uint8Array[] = []
  const hashes = new Uint8Array(32 * commitment.count)
  for (const id of segments) {
    const opened = await segmentFrom(source, id, commitment, sources)
    hashes.set(opened.hashes.subarray(0, hashes.length - 32 * reports.length), 32 * reports.length)
    for (const report of opened.reports) reports.push(report)
  }
  requireCommitted(hashes.subarray(0, 32 * reports.length), commitment)
  await sources.manifests.put(commitment.root, new TextEncoder().encode(JSON.stringify({ segments })))
  return reports
}

async function manifestFrom(
  source: string,
  commitment: Commitment,
  { network, manifests, fetchBytes }: EvidenceSources,
): Promise<Manifest> {
  if (source !== 'store') {
    return parseManifest(
      await fetchBytes(`${source}/v1/networks/${network}/commitments/${commitment.root}`, 1 << 20),
      commitment,
    )
  }
  const known = await manifests.get(commitment.root)
  if (known === undefined) throw new Error('not stored here')
  return parseManifest(known, commitment)
}

async function segmentFrom(
  source: string,
  id: Hex,
  commitment: Commitment,
  { network, segments, fetchBytes, sha256 }: EvidenceSources,
) {
  const stored = await segments.get(id)
  if (stored !== undefined) {
    try {
      return openSegment(stored, id, commitment, sha256)
    } catch (error) {
      if (source === 'store') throw error
      await segments.delete(id)
    }
  }
  if (source === 'store') throw new Error(`segment ${id} is not stored here`)
  const limit = commitment.sizeBytes + 4 * commitment.count
  const bytes = await fetchBytes(`${source}/v1/networks/${network}/segments/${id}`, limit)
  const opened = openSegment(bytes, id, commitment, sha256)
  await segments.put(id, bytes)
  return opened
}
