import { equalBytes } from '@cairn/protocol'
import { sortBundleRows } from '../bundle/bundle-list.ts'
import type { SlabIndex } from '../slab/slab-index.ts'
import { type AgreedBundle, bundleTermsOf, signBundle } from '../wire/bundle-agreement.ts'
import type { ReachedRail } from './create-operator-directory.ts'
import type { GatewayChain } from './gateway-chain.ts'

/** What a bundler needs from outside. */
export interface BundlerOptions {
  readonly index: Pick<SlabIndex, 'looseRows' | 'addBundle' | 'openBundle' | 'endBundle'>
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
}

/** So many rows are not made to wait for more. */
const fullRows = 8_192

/**
 * Signs bundles of the rows that operators gave receipts for (spec 10, Bundles): one at a time for a rail, written down before the operator has it, and over when the
 * chain says so.
 */
export function createBundler({ index, chain, bundleMs, nowMs, onError }: BundlerOptions): Bundler {
  /** When a rail was first seen to have loose rows. */
  const looseSince = new Map<bigint, number>()

  const isDue = (rail: bigint, rows: number): boolean => {
    if (rows === 0) looseSince.delete(rail)
    else if (!looseSince.has(rail)) looseSince.set(rail, nowMs())
    if (rows === 0) return false
    return rows === fullRows || nowMs() - looseSince.get(rail)! >= bundleMs
  }
  const begin = async ({ rail: { rail, device } }: ReachedRail): Promise<AgreedBundle | undefined> => {
    const loose = index.looseRows(device, fullRows)
    if (!isDue(rail, loose.length)) return undefined
    const piece = await chain.readNextPiece(rail)
    const list = { rail, piece, rows: sortBundleRows(loose) }
    const bundle = await signBundle(chain.sign, chain.context, list)
    index.addBundle(bundle)
    looseSince.delete(rail)
    return bundle
  }
  /** @returns whether it is dealt with */
  const end = async ({ list }: AgreedBundle): Promise<boolean> => {
    const { rail, piece } = list
    if ((await chain.readNextPiece(rail)) <= piece) return false
    const found = await chain.readPiece(rail, piece)
    const isOnChain = found !== undefined && equalBytes(found.root, bundleTermsOf(list).root)
    index.endBundle({ rail, piece, isOnChain })
    return true
  }
  const turn = async (reached: ReachedRail): Promise<void> => {
    const open = index.openBundle(reached.rail.rail)
    if (open !== undefined && (await end(open))) return
    const bundle = open ?? (await begin(reached))
    if (bundle !== undefined) await reached.client.submitBundle(bundle)
  }

  return {
    async step(rails) {
      await Promise.all(rails.map((reached) => turn(reached).catch(onError)))
    },
  }
}
