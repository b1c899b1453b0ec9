import type { Clock } from '@cairn/runtime'
import { createCoderCache } from '../slab/coder-cache.ts'
import type { OperatorHealth } from '../slab/operator-health.ts'
import { countPlaces, type PlacementRules, placeRows } from '../slab/place-rows.ts'
import type { SlabIndex } from '../slab/slab-index.ts'
import { acknowledgedRows } from '../slab/slab-limits.ts'
import type { PlacedSlab, SlabReader } from '../slab/slab-reader.ts'
import type { OperatorDirectory, StorageOperator } from '../slab/storage-operator.ts'
import { withinMs } from '../slab/within-ms.ts'
import { encodeDescriptor, rowBytesOf } from '../wire/slab-descriptor.ts'

/** What a rebuilder needs from outside. */
export interface RebuilderOptions {
  readonly index: Pick<SlabIndex, 'slabsAfter' | 'setHolders' | 'addDeletions'>
  readonly reader: Pick<SlabReader, 'fetchChecked'>
  readonly directory: OperatorDirectory
  readonly health: Pick<OperatorHealth, 'isDown'>
  readonly clock: Clock
  readonly rules: PlacementRules
  /** Whether a device is taken to be gone, and its rows with it. */
  readonly isGone: (device: number) => boolean
  readonly random: (count: number) => Uint8Array
  readonly onError: (error: unknown) => void
}

/** Makes lost rows again, elsewhere. */
export interface Rebuilder {
  /** Looks at every slab once. @returns how many rows were made again */
  pass(signal: AbortSignal): Promise<number>
}

const slabsAtATime = 200
const mostPutMs = 30_000

/**
 * Slabs that have fewer rows at living operators than a write is acknowledged with get all of them back: k rows are fetched and held against the slab's commitments,
 * the missing ones are made from them and put to other operators. Less is not worth the traffic (spec 10, Slabs).
 */
export function createRebuilder(options: RebuilderOptions): Rebuilder {
  const { index, reader, directory, health, clock, rules, isGone, random, onError } = options
  const coderOf = createCoderCache()

  const rebuild = async (placed: PlacedSlab): Promise<number> => {
    const { id, slab } = placed
    const living = new Map([...placed.holders].filter(([, device]) => !isGone(device)))
    const missing = Array.from({ length: slab.rows }, (_, row) => row).filter((row) => !living.has(row))
    if (living.size >= acknowledgedRows(slab)) return 0
    const down = directory.all().flatMap(({ device }) => (health.isDown(device) ? [device] : []))
    const request = {
      rowBytes: rowBytesOf(slab),
      rules,
      seed: Buffer.from(random(4)).readUInt32BE(),
      holders: [...living.values()],
      excluded: new Set([...living.values(), ...down, ...directory.all().flatMap(goneOf)]),
    }
    const count = countPlaces(directory.all(), { ...request }, missing.length)
    if (count === 0) return 0
    const places = placeRows(directory.all(), { ...request, rows: count })
    // Who is taken to be gone may answer still, as through the notice of an ended rail.
    const { rows } = await reader.fetchChecked(placed, new Set(living.keys()))
    const again = missing.slice(0, count)
    const lost = again.filter((row) => rows[row] === undefined)
    const made = coderOf(slab).reconstruct(rows, lost)
    const bytesOf = (row: number) => rows[row] ?? made[lost.indexOf(row)]!
    const descriptor = encodeDescriptor(slab)
    const put = async (row: number, bytes: Uint8Array, { device, rows: at }: StorageOperator) => {
      await withinMs(clock, mostPutMs, (signal) => at.put({ id, descriptor }, row, bytes, signal))
      const before = placed.holders.get(row)
      const isThere = index.setHolders(id, new Map([[row, device]]))
      // Who comes back has a row that nobody asks it for; a slab that was deleted meanwhile needs none.
      if (before !== undefined) index.addDeletions([{ slab: id, row, device: before }])
      if (!isThere) index.addDeletions([{ slab: id, row, device }])
    }
    const results = await Promise.allSettled(again.map((row, i) => put(row, bytesOf(row), places[i]!)))
    for (const result of results) if (result.status === 'rejected') onError(result.reason)
    return results.filter(({ status }) => status === 'fulfilled').length
  }
  const goneOf = ({ device }: StorageOperator) => (isGone(device) ? [device] : [])

  return {
    async pass(signal) {
      let count = 0
      let after: Uint8Array = new Uint8Array(0)
      while (!signal.aborted) {
        const slabs = index.slabsAfter(after, slabsAtATime)
        for (const placed of slabs) {
          if (signal.aborted) return count
          count += await rebuild(placed).catch((error) => {
            onError(error)
            return 0
          })
        }
        if (slabs.length < slabsAtATime) return count
        after = slabs.at(-1)!.id
      }
      return count
    },
  }
}
