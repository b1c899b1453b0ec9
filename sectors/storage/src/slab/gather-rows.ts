import type { Clock } from '@cairn/runtime'
import type { ErasureCoder } from '../erasure/erasure-coder.ts'
import type { ByteRange } from '../gateway/content/content-store.ts'
import { SlabError } from './slab-error.ts'

/** Where rows come from. */
export interface RowSource {
  readonly clock: Clock
  /** Rows that can be asked for, best first. */
  readonly rank: readonly number[]
  /** How long to wait for a row before others are asked. */
  hedgeMs(row: number): number
  /** Exactly these bytes of a row, or an error. */
  fetch(row: number, range: ByteRange, signal: AbortSignal): Promise<Uint8Array>
}

/** A range of one data row. */
export interface RowPart {
  readonly row: number
  readonly range: ByteRange
}

/** A range of a row that was asked for. */
interface RowRequest extends RowPart {
  bytes?: Uint8Array
  isOpen: boolean
  /** It takes longer than it should; others are asked, and it still counts when it comes. */
  isLate: boolean
}

/**
 * Parts of data rows, each from its own row, or, where that fails or is slow, decoded from the same range of k others. What comes first counts; the rest is
 * broken off.
 *
 * @returns the bytes of each part
 * @throws SlabError `too_few_rows`
 */
export function gatherRows(
  source: RowSource,
  coder: ErasureCoder,
  parts: readonly RowPart[],
): Promise<readonly Uint8Array[]> {
  const { dataRows } = coder.code
  const over = new AbortController()
  const result = Promise.withResolvers<readonly Uint8Array[]>()
  const requests: RowRequest[] = []
  /** Once something is late: the range that covers what was missing then, which is asked of other rows. */
  let hull: ByteRange | undefined

  const end = (how: () => void) => {
    over.abort()
    how()
  }
  const step = () => {
    if (over.signal.aborted) return
    const direct = parts.map((part) => bytesOf(requests, part))
    if (direct.every((bytes) => bytes !== undefined)) return end(() => result.resolve(direct))
    hull ??= requests.some(({ isOpen, isLate, bytes }) => isLate || (!isOpen && bytes === undefined))
      ? hullOf(parts.filter((_, i) => direct[i] === undefined))
      : undefined
    if (hull === undefined) return
    const have = rowsWith(requests, hull, ({ bytes }) => bytes !== undefined)
    if (have.size >= dataRows) return end(() => result.resolve(decodeParts(coder, parts, requests, hull!)))
    const coming = rowsWith(requests, hull, ({ isOpen, isLate }) => isOpen && !isLate)
    for (const row of others(source.rank, requests, hull, dataRows - have.size - coming.size))
      request({ row, range: hull })
    if (!requests.some(({ isOpen }) => isOpen)) end(() => result.reject(tooFew(coder, have.size)))
  }
  const request = (part: RowPart) => {
    const made: RowRequest = { ...part, isOpen: true, isLate: false }
    requests.push(made)
    source.clock.sleep(source.hedgeMs(part.row), over.signal).then(
      () => {
        made.isLate = made.isOpen
        step()
      },
      () => undefined,
    )
    source.fetch(part.row, part.range, over.signal).then(
      (bytes) => {
        made.bytes = bytes
        made.isOpen = false
        step()
      },
      () => {
        made.isOpen = false
        step()
      },
    )
  }
  for (const part of parts) request(part)
  return result.promise
}

const covers = (outer: ByteRange, inner: ByteRange) => outer.start <= inner.start && inner.end <= outer.end

/** The bytes of a part, from a request that has them all. */
function bytesOf(requests: readonly RowRequest[], { row, range }: RowPart): Uint8Array | undefined {
  const found = requests.find(
    (made) => made.row === row && made.bytes !== undefined && covers(made.range, range),
  )
  return found?.bytes?.subarray(range.start - found.range.start, range.end - found.range.start)
}

/** Rows with a request for all of a range that is as it should be. */
function rowsWith(
  requests: readonly RowRequest[],
  range: ByteRange,
  isIt: (made: RowRequest) => boolean,
): ReadonlySet<number> {
  return new Set(requests.filter((made) => covers(made.range, range) && isIt(made)).map(({ row }) => row))
}

/** The best rows, `count` at most, that were not asked for the range and did not fail. */
function others(
  rank: readonly number[],
  requests: readonly RowRequest[],
  range: ByteRange,
  count: number,
): readonly number[] {
  const asked = rowsWith(requests, range, () => true)
  const failed = new Set(
    requests.filter((made) => !made.isOpen && made.bytes === undefined).map(({ row }) => row),
  )
  return rank.filter((row) => !asked.has(row) && !failed.has(row)).slice(0, Math.max(0, count))
}

function hullOf(parts: readonly RowPart[]): ByteRange {
  return {
    start: Math.min(...parts.map(({ range }) => range.start)),
    end: Math.max(...parts.map(({ range }) => range.end)),
  }
}

/** The parts, where at least k rows have all of the hull. */
function decodeParts(
  coder: ErasureCoder,
  parts: readonly RowPart[],
  requests: readonly RowRequest[],
  hull: ByteRange,
): readonly Uint8Array[] {
  const given = Array.from({ length: coder.code.rows }, (_, row) => bytesOf(requests, { row, range: hull }))
  const missing = parts
    .filter((part) => given[part.row] === undefined && bytesOf(requests, part) === undefined)
    .map(({ row }) => row)
  const made = coder.reconstruct(given, missing)
  return parts.map((part) => {
    const whole = given[part.row] ?? made[missing.indexOf(part.row)]
    return (
      bytesOf(requests, part) ?? whole!.subarray(part.range.start - hull.start, part.range.end - hull.start)
    )
  })
}

function tooFew({ code: { dataRows, rows } }: ErasureCoder, got: number): SlabError {
  return new SlabError({
    code: 'too_few_rows',
    message: `${got} rows of a slab of ${dataRows}/${rows} could be fetched, and ${dataRows} are needed.`,
    fix: 'Try again when more of its operators answer.',
    field: 'rows',
    value: String(got),
    meta: { needed: dataRows },
  })
}
