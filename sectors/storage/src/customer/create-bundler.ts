import { equalBytes } from '@cairn/protocol'
import {
  type BundleRow,
  encodeBundleList,
  listSequenceOf,
  MAX_BUNDLE_ROWS,
  sortBundleRows,
} from '../bundle/bundle-list.ts'
import { enterLateRows } from '../slab/enter-late-rows.ts'
import type { LooseRow, SlabIndex } from '../slab/slab-index.ts'
import type { SlabWriter } from '../slab/slab-writer.ts'
import { type AgreedBundle, bundleTermsOf, signBundle } from '../wire/bundle-agreement.ts'
import type { ReachedRail } from './create-operator-directory.ts'
import type { GatewayChain } from './gateway-chain.ts'

/** What a bundler needs from outside. */
export interface BundlerOptions {
  readonly index: Pick<
    SlabIndex,
    | 'looseRows'
    | 'piecesAfter'
    | 'sparseRows'
    | 'addBundle'
    | 'openBundle'
    | 'endBundle'
    | 'insertNumbered'
    | 'hasNumbered'
    | 'removeNumbered'
    | 'setHolders'
    | 'addDeletions'
  >
  /** Where lists of bundles go. */
  readonly writer: Pick<SlabWriter, 'write'>
  readonly chain: Pick<GatewayChain, 'context' | 'sign' | 'readNextPiece' | 'readPiece'>
  /** Longest that a row waits for others. */
  readonly bundleMs: number
  readonly nowMs: () => number
  readonly onError: (error: unknown) => void
}

/** Brings rows under proof. */
export interface Bundler {
  /** One turn for each rail, all at once; what fails is told, and tried again in the next. */
  step(rails: readonly ReachedRail[]): Promise<void>
  /** Resolves when no row of a list is under way any more. */
  settled(): Promise<void>
}

/** So many rows are not made to wait for more. */
const fullRows = 8_192
/** Rows of lists alone wait longer: a bundle of them has a list, too. Operators keep rows that are in no bundle for a week. */
const listMs = 2 * 86_400_000

/** 8 192 rows of one take 27 ms. */
const piecesAtATime = 4

/** Since when rows of a rail wait: any, and those that are not of lists. */
interface Waiting {
  readonly any: number
  readonly own: number | undefined
}

/**
 * Signs bundles of the rows that operators gave receipts for (spec 10, Bundles): one at a time for a rail, written down before the operator has it, its list with
 * operators, and over when the chain says so.
 */
export function createBundler(options: BundlerOptions): Bundler {
  const { index, writer, chain, bundleMs, nowMs, onError } = options
  const waiting = new Map<bigint, Waiting>()
  /** The last piece of a rail that was looked at. */
  const lookedAt = new Map<bigint, number>()
  const late = new Set<Promise<void>>()

  const isDue = (rail: bigint, rows: readonly LooseRow[]): boolean => {
    const before = waiting.get(rail)
    waiting.delete(rail)
    if (rows.length === 0) return false
    const isOwn = rows.some(({ kind }) => kind !== 'bundle-list')
    const since = { any: before?.any ?? nowMs(), own: isOwn ? (before?.own ?? nowMs()) : undefined }
    waiting.set(rail, since)
    if (rows.length === fullRows || nowMs() - since.any >= listMs) return true
    return since.own !== undefined && nowMs() - since.own >= bundleMs
  }
  /** What lives of pieces that are mostly dead: then nothing lives there, and they can be removed. Some pieces are looked at each time, in turn: it costs a look at each of their rows. */
  const takeSparse = (rail: bigint): readonly BundleRow[] => {
    const pieces = index.piecesAfter(rail, lookedAt.get(rail) ?? -1, piecesAtATime)
    lookedAt.set(rail, pieces.length < piecesAtATime ? -1 : pieces.at(-1)!)
    return pieces.flatMap((piece) => index.sparseRows(rail, piece))
  }
  const begin = async ({ rail: { rail, device } }: ReachedRail): Promise<AgreedBundle | undefined> => {
    const loose = index.looseRows(device, fullRows)
    if (!isDue(rail, loose)) return undefined
    const piece = await chain.readNextPiece(rail)
    const living = [...loose, ...takeSparse(rail)].slice(0, MAX_BUNDLE_ROWS)
    const rows = sortBundleRows(living.map(({ slab, row, height, root }) => ({ slab, row, height, root })))
    const list = { rail, piece, rows }
    const bundle = await signBundle(chain.sign, chain.context, list)
    index.addBundle(bundle)
    waiting.delete(rail)
    return bundle
  }
  const numberOf = ({ list }: AgreedBundle) =>
    ({ kind: 'bundle-list', sequence: listSequenceOf(list) }) as const
  /** So that others can make the bundle's rows again. Where it can not be stored now the bundle is better without it than not under proof. */
  const storeList = async (bundle: AgreedBundle): Promise<void> => {
    const number = numberOf(bundle)
    if (index.hasNumbered(number)) return
    const bytes = encodeBundleList(bundle.list)
    const slabs = await writer.write({ ...number, contentBytes: bytes.length }, bytes, bytes.length)
    index.insertNumbered(number, 0, slabs)
    for (const slab of slabs) {
      const entering: Promise<void> = enterLateRows(index, slab)
        .catch(onError)
        .finally(() => late.delete(entering))
      late.add(entering)
    }
  }
  /** @returns whether it is dealt with */
  const end = async (bundle: AgreedBundle): Promise<boolean> => {
    const { rail, piece } = bundle.list
    if ((await chain.readNextPiece(rail)) <= piece) return false
    const found = await chain.readPiece(rail, piece)
    const { root, leaves } = bundleTermsOf(bundle.list)
    const isOnChain = found !== undefined && equalBytes(found.root, root)
    index.endBundle({ rail, piece, leaves: isOnChain ? leaves : undefined })
    if (!isOnChain) index.removeNumbered(numberOf(bundle))
    return true
  }
  const turn = async (reached: ReachedRail): Promise<void> => {
    const open = index.openBundle(reached.rail.rail)
    if (open !== undefined && (await end(open))) return
    const bundle = open ?? (await begin(reached))
    if (bundle === undefined) return
    await storeList(bundle).catch(onError)
    await reached.client.submitBundle(bundle)
  }

  return {
    async step(rails) {
      await Promise.all(rails.map((reached) => turn(reached).catch(onError)))
    },
    async settled() {
      while (late.size > 0) await Promise.all(late)
    },
  }
}
