import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { equalBytes, toHex } from '@cairn/protocol'
import { type Logger, writeAtomic } from '@cairn/runtime'
import {
  type AgreedBundle,
  bundleTermsOf,
  encodeAgreedBundle,
  parseAgreedBundle,
} from '../../wire/bundle-agreement.ts'
import type { BundleChain } from '../storage-chain.ts'
import type { RowStore } from '../store/open-row-store.ts'

/** Bundles that both agreed on and that are not on chain yet: they outlive the process. */
export interface BundleQueue {
  /** Why a bundle is not taken: it is not the rail's next piece, or the chain would refuse it. One that was agreed on before is taken again. */
  verify(bundle: AgreedBundle): Promise<string | undefined>
  /** Resolves when the agreement is durable: from then on it is brought to the chain. */
  keep(bundle: AgreedBundle): Promise<void>
  /** Brings what waits to the chain, each rail's in order. What fails is tried again in the next turn. */
  step(): Promise<void>
  waiting(): readonly { readonly rail: bigint; readonly piece: number }[]
}

/** What a queue is made of. */
export interface BundleQueueOptions {
  readonly folder: string
  readonly store: Pick<RowStore, 'readBundle' | 'dropBundle'>
  readonly chain: BundleChain
  readonly log: Pick<Logger, 'info' | 'error'>
}

interface Waiting {
  readonly rail: bigint
  readonly piece: number
}

const namePattern = /^(\d{1,20})-(\d{1,10})\.agreed$/

/** Opens the queue in a folder, with what waited there. */
export async function openBundleQueue({
  folder,
  store,
  chain,
  log,
}: BundleQueueOptions): Promise<BundleQueue> {
  const queue = new Map<string, Waiting>()
  const nameOf = ({ rail, piece }: Waiting) => `${rail}-${piece}.agreed`
  for (const name of await readdir(folder).catch(() => [])) {
    const match = namePattern.exec(name)
    if (match !== null) queue.set(name, { rail: BigInt(match[1]!), piece: Number(match[2]) })
  }
  const ofRail = (rail: bigint) =>
    [...queue.values()].filter((each) => each.rail === rail).sort((a, b) => a.piece - b.piece)
  const drop = async (waiting: Waiting) => {
    await rm(join(folder, nameOf(waiting)), { force: true })
    queue.delete(nameOf(waiting))
  }

  const bring = async (waiting: Waiting): Promise<boolean> => {
    const { list, signature } = parseAgreedBundle(await readFile(join(folder, nameOf(waiting))))
    const outcome = await chain.addBundle({ ...bundleTermsOf(list), signature })
    if (outcome === 'void') await store.dropBundle(waiting.rail, waiting.piece)
    await drop(waiting)
    log.info({ rail: String(waiting.rail), piece: waiting.piece, outcome }, 'an agreed bundle is dealt with')
    return outcome === 'added'
  }

  return {
    async verify({ list, signature }) {
      const { rail, piece } = list
      const terms = bundleTermsOf(list)
      const known = await store.readBundle(rail, piece)
      const chainNext = await chain.readNextPiece(rail)
      const next = Math.max(chainNext, (ofRail(rail).at(-1)?.piece ?? -1) + 1)
      if (piece < next && known !== undefined && equalBytes(bundleTermsOf(known).root, terms.root))
        return undefined
      if (piece !== next)
        return `The next piece of rail ${rail} is ${next}, not ${piece} (root ${toHex(terms.root)}).`
      return chain.refusalOf({ ...terms, signature })
    },
    async keep(bundle) {
      const { rail, piece } = bundle.list
      await writeAtomic(join(folder, nameOf({ rail, piece })), encodeAgreedBundle(bundle))
      queue.set(nameOf({ rail, piece }), { rail, piece })
    },
    async step() {
      for (const rail of new Set([...queue.values()].map((waiting) => waiting.rail))) {
        try {
          let isGood = true
          for (const waiting of ofRail(rail)) {
            if (isGood) isGood = await bring(waiting)
            else {
              // What was agreed on behind a piece that never comes has another number than it would get.
              await store.dropBundle(rail, waiting.piece)
              await drop(waiting)
            }
          }
        } catch (error) {
          log.error({ err: error, rail: String(rail) }, 'an agreed bundle is not on chain yet')
        }
      }
    },
    waiting: () => [...queue.values()],
  }
}
