import {
  BaseError,
  bodyRoot,
  equalBytes,
  evidenceTree,
  type Hex,
  parseReport,
  parseSegment,
  recordHash,
  SEGMENT_LEAVES,
  type Sha256,
  segmentId,
  toHex,
} from '@cairn/protocol'

/** A commitment as the chain holds it. */
export interface Commitment {
  readonly slot: number
  readonly epoch: number
  readonly ingest: Hex
  readonly root: Hex
  readonly count: number
  readonly sizeBytes: number
}

/** Where a commitment's reports are, as an ingest or verifier says. Nothing of it is believed before it is checked. */
export interface Manifest {
  readonly segments: readonly Hex[]
}

const MAX_MANIFEST_BYTES = 1 << 20
const idForm = /^0x[0-9a-f]{64}$/

/** Evidence that is not what it should be. Codes: `malformed_manifest`, `malformed_segment`, `wrong_segment`, `wrong_evidence`. */
export class SegmentError extends BaseError {}

/** How many segments a log of `count` reports has. */
export function segmentCount(count: number): number {
  return Math.ceil(count / SEGMENT_LEAVES)
}

/** @throws SegmentError */
export function parseManifest(bytes: Uint8Array, commitment: Commitment): Manifest {
  if (bytes.length > MAX_MANIFEST_BYTES) throw manifestError(`has ${bytes.length} bytes`)
  const { segments } = parseJsonObject(bytes)
  const expected = segmentCount(commitment.count)
  if (!Array.isArray(segments) || segments.length !== expected)
    throw manifestError(`does not list ${expected} segments for ${commitment.count} reports`)
  for (const id of segments)
    if (typeof id !== 'string' || !idForm.test(id))
      throw manifestError('has a segment id that is not 0x and 64 hexadecimal digits')
  return { segments }
}

function parseJsonObject(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    throw manifestError('is not JSON')
  }
}

/**
 * The reports and report hashes of one segment, checked: every report parses, its body matches the body root it signed, and together they have the segment's id.
 *
 * @throws SegmentError
 */
export function openSegment(
  bytes: Uint8Array,
  id: Hex,
  commitment: Commitment,
  sha256: Sha256,
): { reports: Uint8Array[]; hashes: Uint8Array } {
  const reports = reading(id, () => parseSegment(bytes))
  const hashes = new Uint8Array(32 * reports.length)
  reports.forEach((bytes, i) => {
    const { headerBytes, header, signature, observations } = reading(id, () => parseReport(bytes))
    if (!equalBytes(bodyRoot(observations), header.bodyRoot)) {
      throw new SegmentError({
        code: 'wrong_segment',
        message: `Report ${i} of segment ${id} has a body that does not match its signed body root.`,
        fix: FETCH_ELSEWHERE,
      })
    }
    hashes.set(recordHash(headerBytes, signature, sha256), 32 * i)
  })
  const actual = segmentId(hashes, commitment.count)
  if (actual !== id)
    throw new SegmentError({
      code: 'wrong_segment',
      message: `The bytes given for segment ${id} are those of ${actual}.`,
      fix: FETCH_ELSEWHERE,
    })
  return { reports, hashes }
}

/** @throws SegmentError unless the hashes are exactly the committed ones */
export function requireCommitted(hashes: Uint8Array, { slot, root, count }: Commitment): void {
  const actual = toHex(evidenceTree(hashes).root)
  if (hashes.length === 32 * count && actual === root) return
  throw new SegmentError({
    code: 'wrong_evidence',
    message: `The segments given for slot ${slot} hold ${hashes.length / 32} reports under ${actual}; the chain holds ${count} under ${root}.`,
    fix: FETCH_ELSEWHERE,
  })
}

const FETCH_ELSEWHERE =
  'Fetch it from another ingest or verifier; if none has it, the commitment is unavailable.'

function reading<T>(id: Hex, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof BaseError)) throw cause
    throw new SegmentError({
      code: 'malformed_segment',
      message: `Segment ${id} can not be read: ${cause.message.split('\n')[0]}`,
      fix: FETCH_ELSEWHERE,
      cause,
    })
  }
}

function manifestError(what: string): SegmentError {
  return new SegmentError({
    code: 'malformed_manifest',
    message: `The list of segments of a commitment ${what}.`,
    fix: FETCH_ELSEWHERE,
  })
}
