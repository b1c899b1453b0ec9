import type { Clock } from '@cairn/runtime'
import type { EncodedSlab } from './encode-slab.ts'
import type { OperatorHealth } from './operator-health.ts'
import { SlabError } from './slab-error.ts'
import { acknowledgedRows } from './slab-limits.ts'
import type { StorageOperator } from './storage-operator.ts'
import { withinMs } from './within-ms.ts'

/** Operators that are asked to take one row. */
const mostAtOnce = 3

/** What an upload needs from outside. */
export interface UploadOptions {
  readonly clock: Clock
  readonly health: OperatorHealth
  /** Another operator for a row: none of `holders`, which have other rows, and none that was tried and failed. Undefined when there is none. */
  readonly replacement: (
    holders: readonly number[],
    tried: ReadonlySet<number>,
  ) => StorageOperator | undefined
  /** A row may be at a device that is not its holder: it has to be deleted there. */
  readonly onStray: (row: number, device: number) => void
  /** Longest that one operator is given for one row. */
  readonly mostMs: number
}

/** Rows that are on their way. */
export interface UploadedRows {
  /** Row to device, for each that is receipted; grows until `settled`. */
  readonly holders: ReadonlyMap<number, number>
  /** Resolves when every row is receipted or given up; never rejects. */
  readonly settled: Promise<void>
}

/**
 * Puts each row to its operator, all at once. A row goes to another operator when one refuses, and to a second and a third besides when those before are slow: the first receipt counts.
 *
 * @param first one operator for each row
 * @returns when as many rows are receipted as acknowledge a slab; the others follow
 * @throws SlabError `too_few_receipts`; the rows that were placed are strays then
 */
export async function uploadRows(
  encoded: EncodedSlab,
  first: readonly StorageOperator[],
  options: UploadOptions,
): Promise<UploadedRows> {
  const holders = new Map<number, number>()
  const tried = new Set<number>()
  /** Who is asked for, or has, which row. */
  const asked = new Map<number, Set<number>>(first.map(({ device }, row) => [row, new Set([device])]))
  const given = new AbortController()
  const needed = acknowledgedRows(encoded.slab)
  const enough = Promise.withResolvers<void>()
  let open = first.length
  const claim = (row: number) => {
    const busy = [...asked.values()].flatMap((devices) => [...devices])
    const next = options.replacement(busy, tried)
    if (next !== undefined) asked.get(row)!.add(next.device)
    return next
  }
  const place = async (row: number, operator: StorageOperator) => {
    const device = await putSomewhere(row, operator, {
      ...options,
      encoded,
      signal: given.signal,
      claim: () => claim(row),
      release: (failed) => {
        tried.add(failed)
        asked.get(row)!.delete(failed)
      },
    })
    open -= 1
    if (device !== undefined) holders.set(row, device)
    if (holders.size >= needed) enough.resolve()
    else if (holders.size + open < needed) enough.reject(tooFewReceipts(encoded, holders.size, needed))
  }
  const settled = Promise.all(first.map((operator, row) => place(row, operator))).then(() => undefined)
  try {
    await enough.promise
  } catch (error) {
    given.abort(error)
    await settled
    for (const [row, device] of holders) options.onStray(row, device)
    throw error
  }
  return { holders, settled }
}

interface PutOptions extends UploadOptions {
  readonly encoded: EncodedSlab
  readonly signal: AbortSignal
  readonly claim: () => StorageOperator | undefined
  readonly release: (device: number) => void
}

/** @returns the device that has the row; undefined when none takes it */
async function putSomewhere(
  row: number,
  operator: StorageOperator,
  options: PutOptions,
): Promise<number | undefined> {
  const { clock, health, signal, claim, release, onStray } = options
  const done = Promise.withResolvers<number | undefined>()
  const over = new AbortController()
  const stop = AbortSignal.any([signal, over.signal])
  let active = 0
  const begin = (next: StorageOperator) => {
    active += 1
    void attempt(next).catch(done.reject)
    void watch(next.device).catch(() => undefined)
  }
  /** Until one is through: another besides each time the last one takes too long, as soon as there is another. */
  const watch = async (device: number) => {
    while (!stop.aborted) {
      await clock.sleep(health.hedgeMs(device, 'put'), stop)
      if (active === mostAtOnce) return
      const another = claim()
      if (another !== undefined) return begin(another)
    }
  }
  const attempt = async (next: StorageOperator) => {
    const isPut = await putOnce(row, next, options, stop)
    active -= 1
    if (isPut && !over.signal.aborted) {
      over.abort()
      return done.resolve(next.device)
    }
    if (over.signal.aborted || signal.aborted) {
      // It was under way when another was first, or all was given up: it may have come to be.
      onStray(row, next.device)
      return done.resolve(undefined)
    }
    release(next.device)
    const other = active === 0 ? claim() : undefined
    if (other !== undefined) begin(other)
    else if (active === 0) {
      over.abort()
      done.resolve(undefined)
    }
  }
  begin(operator)
  return await done.promise
}

async function putOnce(
  row: number,
  { device, rows }: StorageOperator,
  { encoded, clock, health, mostMs, onStray }: PutOptions,
  stop: AbortSignal,
): Promise<boolean> {
  const startMs = clock.now()
  try {
    const put = (signal: AbortSignal) => rows.put(encoded, row, encoded.rows[row]!, signal)
    await withinMs(clock, mostMs, put, stop)
    health.succeeded(device, 'put', clock.now() - startMs)
    return true
  } catch {
    if (!stop.aborted) {
      health.failed(device)
      onStray(row, device)
    }
    return false
  }
}

function tooFewReceipts({ slab }: EncodedSlab, receipts: number, needed: number): SlabError {
  return new SlabError({
    code: 'too_few_receipts',
    message: `Operators gave receipts for ${receipts} rows of a slab of ${slab.dataRows}/${slab.rows}, and ${needed} are needed before it counts as stored.`,
    fix: 'Try again: operators that did not answer are left out for a while. If it stays so, take offers of more operators.',
    field: 'rows',
    value: String(receipts),
    meta: { needed },
  })
}
