import { equalBytes } from '@cairn/protocol'
import type { Clock } from '@cairn/runtime'
import type { ByteRange } from '../gateway/content/content-store.ts'
import { derivePiece } from '../piece/piece-hasher.ts'
import { rowBytesOf, type SlabDescriptor } from '../wire/slab-descriptor.ts'
import { createCoderCache } from './coder-cache.ts'
import { gatherRows, type RowSource } from './gather-rows.ts'
import type { OperatorHealth } from './operator-health.ts'
import { failureOf, isAbsence, type ReadFailure, type RowLoss } from './read-outcome.ts'
import { SlabError } from './slab-error.ts'
import type { OperatorDirectory } from './storage-operator.ts'
import { withinMs } from './within-ms.ts'

/** A slab and who has its rows. */
export interface PlacedSlab {
  readonly id: Uint8Array
  readonly slab: SlabDescriptor
  /** Row to device; rows without a holder are lost. */
  readonly holders: ReadonlyMap<number, number>
}

/** What came of asking a device for bytes of a row. */
export interface RowRead {
  readonly slab: Uint8Array
  readonly device: number
  /** That were asked for. */
  readonly bytes: number
  readonly outcome: 'served' | 'slow' | ReadFailure
}

export interface SlabReaderOptions {
  readonly directory: OperatorDirectory
  readonly health: OperatorHealth
  readonly clock: Clock
  /** Told of a row that its holder does not have. */
  readonly onLostRow: (slab: PlacedSlab, row: number, device: number, how: RowLoss) => void
  /** Told of every other read that went to its end; that its bytes are right is not known then. */
  readonly onRead?: (read: RowRead) => void
}

/** All rows of a slab that are right, whole. */
export interface CheckedRows {
  /** One place for each row; undefined where it was not got or not needed. At least k are there. */
  readonly rows: readonly (Uint8Array | undefined)[]
  /** Rows whose holder gave other bytes. */
  readonly wrong: readonly number[]
}

export interface SlabReader {
  /**
   * Bytes of a slab: from the data rows they lie in, or decoded where one of these does not come in time. Not checked: the seal of what is in them is.
   *
   * @throws SlabError `too_few_rows`
   */
  read(slab: PlacedSlab, range: ByteRange): Promise<Buffer>
  /**
   * As `read`, from whole rows that were each held against the slab's commitments: slower, and right or an error.
   *
   * @throws SlabError `too_few_rows`
   */
  readChecked(slab: PlacedSlab, range: ByteRange): Promise<Buffer>
  /**
   * Whole rows, held against their commitments, until k are right.
   *
   * @param first rows that are checked before others: those a wrong byte came from
   * @throws SlabError `too_few_rows`
   */
  fetchChecked(slab: PlacedSlab, first?: ReadonlySet<number>): Promise<CheckedRows>
}

/** Longest that an operator is given to send a row. */
const mostGetMs = 20_000
/** An answer after this is slow. */
const slowGetMs = 5_000

export function createSlabReader(options: SlabReaderOptions): SlabReader {
  const { directory, health, clock, onLostRow } = options
  const coderOf = createCoderCache()
  const sourceOf = (placed: PlacedSlab): RowSource => ({
    clock,
    rank: rankRows(placed, options),
    hedgeMs: (row) => {
      const device = placed.holders.get(row)
      return device === undefined ? 0 : health.hedgeMs(device, 'get')
    },
    fetch: (row, range, signal) => fetchRow(placed, row, range, signal, options),
  })
  const reader: SlabReader = {
    async read(placed, { start, end }) {
      const { dataRows, rows, sizeBytes } = placed.slab
      const length = rowBytesOf(placed.slab)
      const last = Math.min(end, sizeBytes)
      const parts: { readonly row: number; readonly range: ByteRange }[] = []
      for (let row = Math.floor(start / length); row * length < last; row++)
        parts.push({
          row,
          range: { start: Math.max(0, start - row * length), end: Math.min(length, last - row * length) },
        })
      const coder = coderOf({ dataRows, rows })
      return Buffer.concat(await gatherRows(sourceOf(placed), coder, parts))
    },
    async readChecked(placed, { start, end }) {
      // The rows that a plain read takes first: else one that lies would never be found out while k others are faster.
      const length = rowBytesOf(placed.slab)
      const first = Math.floor(start / length)
      const asked = Array.from({ length: Math.ceil(end / length) - first }, (_, i) => first + i)
      const { rows } = await reader.fetchChecked(placed, new Set(asked))
      const { dataRows, rows: count, sizeBytes } = placed.slab
      const missing = Array.from({ length: dataRows }, (_, row) => row).filter(
        (row) => rows[row] === undefined,
      )
      const made = coderOf({ dataRows, rows: count }).reconstruct(rows, missing)
      const data = Array.from(
        { length: dataRows },
        (_, row) => rows[row] ?? made[missing.indexOf(row)] ?? new Uint8Array(),
      )
      return Buffer.concat(data).subarray(start, Math.min(end, sizeBytes))
    },
    async fetchChecked(placed, first = new Set()) {
      const { dataRows, rows: count, roots } = placed.slab
      const length = rowBytesOf(placed.slab)
      const rows = Array<Uint8Array | undefined>(count).fill(undefined)
      const wrong: number[] = []
      const waiting = rankRows(placed, options).toSorted(
        (a, b) => Number(first.has(b)) - Number(first.has(a)),
      )
      const never = new AbortController().signal
      for (let right = 0; right < dataRows; ) {
        const batch = waiting.splice(0, dataRows - right)
        if (batch.length === 0) throw tooFewRows(placed.slab, right)
        for (const { row, bytes } of await Promise.all(
          batch.map(async (row) => ({
            row,
            bytes: await fetchRow(placed, row, { start: 0, end: length }, never, options).catch(
              () => undefined,
            ),
          })),
        )) {
          if (bytes === undefined) continue
          if (equalBytes(derivePiece(bytes).root, roots[row]!)) {
            rows[row] = bytes
            right += 1
          } else {
            wrong.push(row)
            const device = placed.holders.get(row)!
            health.failed(device)
            onLostRow(placed, row, device, 'wrong')
          }
        }
      }
      return { rows, wrong }
    },
  }
  return reader

  function tooFewRows({ dataRows, rows }: SlabDescriptor, right: number): SlabError {
    return new SlabError({
      code: 'too_few_rows',
      message: `Of a slab of ${dataRows}/${rows}, ${right} right rows could be fetched from the ${directory.all().length} operators that are known.`,
      fix: 'Try again when more of its operators answer.',
      field: 'rows',
      value: String(right),
      meta: { needed: dataRows },
    })
  }
}

/** Rows that have a holder: who answers first, then who is faster. */
function rankRows(
  { holders }: PlacedSlab,
  { directory, health }: Pick<SlabReaderOptions, 'directory' | 'health'>,
): readonly number[] {
  return [...holders]
    .filter(([, device]) => directory.find(device) !== undefined)
    .map(([row, device]) => ({
      row,
      isDown: health.isDown(device),
      latencyMs: health.latencyMs(device, 'get'),
    }))
    .toSorted((a, b) => Number(a.isDown) - Number(b.isDown) || a.latencyMs - b.latencyMs || a.row - b.row)
    .map(({ row }) => row)
}

async function fetchRow(
  placed: PlacedSlab,
  row: number,
  range: ByteRange,
  signal: AbortSignal,
  { directory, health, clock, onRead, onLostRow }: SlabReaderOptions,
): Promise<Uint8Array> {
  const { id, holders } = placed
  const device = holders.get(row)
  const operator = device === undefined ? undefined : directory.find(device)
  if (device === undefined || operator === undefined) throw new TypeError(`row ${row} has no holder`)
  const length = range.end - range.start
  const tell = (outcome: RowRead['outcome']) => onRead?.({ slab: id, device, bytes: length, outcome })
  const startMs = clock.now()
  try {
    const get = (limited: AbortSignal) => operator.rows.get(id, row, range, limited)
    const bytes = await withinMs(clock, mostGetMs, get, signal)
    if (bytes.length !== length) throw new TypeError('the operator sent another length')
    const tookMs = clock.now() - startMs
    health.succeeded(device, 'get', tookMs)
    tell(tookMs > slowGetMs ? 'slow' : 'served')
    return bytes
  } catch (error) {
    if (!signal.aborted) {
      health.failed(device)
      const failure = failureOf(error)
      if (isAbsence(error)) onLostRow(placed, row, device, 'absent')
      else if (failure !== undefined) tell(failure)
    }
    throw error
  }
}
