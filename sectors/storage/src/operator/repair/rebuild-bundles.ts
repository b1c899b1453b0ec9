import { equalBytes, toHex } from '@cairn/protocol'
import { type BundleRow, parseBundleList } from '../../bundle/bundle-list.ts'
import { derivePieceIndex } from '../../piece/piece-hasher.ts'
import { createCoderCache } from '../../slab/coder-cache.ts'
import { type FoundSlab, findSlabs, readFoundSlab } from '../../slab/find-slabs.ts'
import { SlabError } from '../../slab/slab-error.ts'
import type { PlacedSlab, SlabReader } from '../../slab/slab-reader.ts'
import type { OperatorDirectory } from '../../slab/storage-operator.ts'
import { bundleTermsOf } from '../../wire/bundle-agreement.ts'
import { parseDescriptor, rowBytesOf } from '../../wire/slab-descriptor.ts'
import type { RowStore } from '../store/open-row-store.ts'

/** What is rebuilt, from whom, and where it goes. */
export interface RebuildOptions {
  /** The operators of the customer whose rail was lost. */
  readonly directory: OperatorDirectory
  readonly reader: Pick<SlabReader, 'readChecked' | 'fetchChecked'>
  readonly store: Pick<RowStore, 'find' | 'put' | 'addBundle'>
  /** The rail whose pieces the bundles become. */
  readonly rail: bigint
  /** Root in hex to piece; what is rebuilt is taken out. */
  readonly missing: Map<string, number>
  /** Whether the list of that number is of a bundle of the lost rail. */
  readonly isOfRail: (sequence: bigint) => boolean
  /** Unix seconds: how long rows are kept before their bundle is whole. */
  readonly keptUntil: number
  readonly signal: AbortSignal
  /** Told of bundles and rows that could not be made again; they are missing still. */
  readonly onError: (error: unknown) => void
  /** A bundle is whole; so many are missing. */
  readonly onBundle: (left: number) => void
}

/** Rows that are made at once: k rows are read for each. */
const rowsAtOnce = 4

/**
 * Makes bundles again from their lists and from k other rows of each slab. Nobody is believed: a list counts when its root is that of a missing piece, a row when its
 * commitment is that of the list. Rows that are here already are not made again, so that it goes on where it was broken off.
 */
export async function rebuildBundles(options: RebuildOptions): Promise<void> {
  const { directory, missing, isOfRail, signal, onError } = options
  const lists = await findSlabs(directory, ['bundle-list'], signal, onError)
  const ofRail = lists.filter(({ sequence }) => isOfRail(sequence))
  for (const found of ofRail.toSorted((a, b) => Number(a.sequence - b.sequence))) {
    if (missing.size === 0 || signal.aborted) return
    await rebuildBundle(found, options).catch(onError)
  }
  if (missing.size > 0) onError(notAll(missing.size, ofRail.length))
}

async function rebuildBundle(found: FoundSlab, options: RebuildOptions): Promise<void> {
  const { directory, reader, store, rail, missing, signal, onBundle } = options
  const bytes = await readFoundSlab(found, directory, reader, signal)
  if (bytes === undefined) return
  const list = parseBundleList(bytes)
  const root = toHex(bundleTermsOf(list).root)
  const piece = missing.get(root)
  if (piece === undefined) return
  const waiting = list.rows.filter(({ slab, row, root: wanted }) => {
    const here = store.find(slab, row)
    return here === undefined || !equalBytes(here.root, wanted)
  })
  const work = async () => {
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      signal.throwIfAborted()
      await rebuildRow(row, options)
    }
  }
  // What was made until then is kept, whoever failed.
  const ends = await Promise.allSettled(Array.from({ length: rowsAtOnce }, work))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  // Its rows are those of the list, whatever rail it was made for.
  await store.addBundle({ rail, piece, rows: list.rows })
  missing.delete(root)
  onBundle(missing.size)
}

const coderOf = createCoderCache()

async function rebuildRow(wanted: BundleRow, options: RebuildOptions): Promise<void> {
  const { directory, store, keptUntil, signal } = options
  const { slab: id, row, root } = wanted
  const holders = new Map<number, number>()
  let descriptor: Uint8Array | undefined
  await Promise.all(
    directory.all().map(async ({ device, rows }) => {
      const described = await rows.describe(id, signal).catch(() => undefined)
      for (const held of described?.rows ?? []) holders.set(held, device)
      descriptor ??= described?.descriptor
    }),
  )
  if (descriptor === undefined) throw lostSlab(id)
  const slab = parseDescriptor(new Uint8Array(descriptor))
  const placed = { id, slab, holders }
  const bytes = (await fetchAsIs(placed, wanted, options)) ?? (await decode(placed, row, options))
  const index = derivePieceIndex(bytes)
  if (!equalBytes(index.root, root)) throw otherRow(id, row)
  await store.put({ slab: id, row, descriptor, bytes, nodes: index.nodes, keptUntil })
}

/** Somebody may have made it again already. */
async function fetchAsIs(
  { id, slab, holders }: PlacedSlab,
  { row, root }: BundleRow,
  { directory, signal }: RebuildOptions,
): Promise<Uint8Array | undefined> {
  const holder = holders.get(row)
  const range = { start: 0, end: rowBytesOf(slab) }
  const bytes =
    holder === undefined
      ? undefined
      : await directory
          .find(holder)
          ?.rows.get(id, row, range, signal)
          .catch(() => undefined)
  return bytes !== undefined && equalBytes(derivePieceIndex(bytes).root, root) ? bytes : undefined
}

async function decode(placed: PlacedSlab, row: number, { reader }: RebuildOptions): Promise<Uint8Array> {
  const { rows } = await reader.fetchChecked(placed)
  return rows[row] ?? coderOf(placed.slab).reconstruct(rows, [row])[0]!
}

const lostSlab = (id: Uint8Array): SlabError =>
  new SlabError({
    code: 'too_few_rows',
    message: `No operator that answers has a row of the slab ${toHex(id)}.`,
    fix: 'Wait until more of the operators of its customer answer.',
    field: 'slab',
    value: toHex(id),
  })

const otherRow = (id: Uint8Array, row: number): SlabError =>
  new SlabError({
    code: 'wrong_row',
    message: `Row ${row} of the slab ${toHex(id)} is not what the list of its bundle says.`,
    fix: 'Nothing can make this bundle again: its customer signed another row than the slab has.',
    field: 'row',
    value: `${toHex(id)}/${row}`,
  })

const notAll = (missing: number, lists: number): SlabError =>
  new SlabError({
    code: 'missing_lists',
    message: `${missing} bundles of the lost rail could not be made again from the ${lists} lists that operators have.`,
    fix: 'Wait until more operators answer; bundles whose list was never stored can be made again by their customer alone.',
    field: 'pieces',
    value: String(missing),
  })
