import { type Hex, toHex } from '@cairn/protocol'
import type { Clock, Logger } from '@cairn/runtime'
import { railOfListSequence } from '../../bundle/bundle-list.ts'
import { createEgressPayer } from '../../customer/create-egress-payer.ts'
import { createOperatorDirectory } from '../../customer/create-operator-directory.ts'
import type { EgressBook } from '../../customer/open-egress-book.ts'
import { createOperatorHealth } from '../../slab/operator-health.ts'
import { createSlabReader } from '../../slab/slab-reader.ts'
import { createProblemBook, type Problem } from '../problem-book.ts'
import type { RowStore } from '../store/open-row-store.ts'
import { rebuildBundles } from './rebuild-bundles.ts'
import type { LostRail, Repair, RepairChain } from './repair-chain.ts'

/** What a repairer is made of. */
export interface RepairerOptions {
  readonly chain: RepairChain
  readonly store: RowStore
  readonly book: EgressBook
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'error'>
  readonly random: (count: number) => Uint8Array
  /** How long a row is kept that is in no bundle yet, seconds. */
  readonly keptSeconds: number
  /** Between two looks for lost rails, ms. */
  readonly everyMs: number
}

/** How a repairer gets on. */
export interface RepairStatus {
  /** The rail that repairs, and the lost one; undefined where nothing is repaired. */
  readonly rail: string | undefined
  readonly lost: string | undefined
  readonly pieces: number
  /** Pieces all of whose rows are here. */
  readonly rebuilt: number
  /** Repairs that were completed since the start. */
  readonly completed: number
  /** What keeps it from going on, by rail. */
  readonly problems: Readonly<Record<string, Problem>>
}

/** Makes lost rails again, for their rewards. */
export interface Repairer {
  /** Does what there is to do now: finds a rail, makes its rows again, puts them under proof, has the reward. What fails is tried again in the next turn. */
  step(signal: AbortSignal): Promise<void>
  status(): RepairStatus
}

const askMs = 5_000
/** Left free for other customers, of what is free. */
const mostShareOfFree = 0.9

/** A repairer that has done nothing yet. All it knows is on the chain and in the store: it goes on where it was. */
export function createRepairer(options: RepairerOptions): Repairer {
  const { chain, store, book, clock, log, random, keptSeconds, everyMs } = options
  const nowMs = () => clock.now()
  const problems = createProblemBook<bigint>(log, 'a lost rail is not repaired yet')
  const { paidRows } = createEgressPayer({
    ...{ chain, book, nowMs },
    onError: (err) => log.error({ err }, 'an operator that was read from is not paid yet'),
  })
  let current: { readonly repair: Repair; readonly rebuilt: number } | undefined
  let completed = 0
  let lookedMs = Number.NEGATIVE_INFINITY

  /** The customer's other operators, for as long as the body runs. */
  const withOperators = async <T>(signer: Hex, body: (source: Source) => Promise<T>): Promise<T> => {
    const readRails = () => chain.readRailsOf(signer)
    const directory = createOperatorDirectory({
      ...{ nowMs, random, paidRows },
      chain: { ...chain, readRails },
      slabsOf: signer,
    })
    try {
      await directory.refresh()
      const health = createOperatorHealth(nowMs)
      const onLostRow = () => undefined
      return await body({
        directory,
        reader: createSlabReader({ directory, health, clock, onLostRow }),
      })
    } finally {
      directory.close()
    }
  }
  /** Every code loses a third of its rows at least before it loses a slab: more may not be missing, besides the lost ones. */
  const isLikely = ({ signer }: LostRail): Promise<boolean> =>
    withOperators(signer, async ({ directory }) => {
      const asked = await Promise.allSettled(
        directory.rails().map(({ client }) => client.fetchInfo({ signal: AbortSignal.timeout(askMs) })),
      )
      const answered = asked.filter(({ status }) => status === 'fulfilled').length
      return answered > 0 && answered * 3 >= 2 * asked.length
    })
  const takeOn = async (): Promise<void> => {
    if (nowMs() - lookedMs < everyMs) return
    lookedMs = nowMs()
    const { freeBytes } = await store.usage()
    for (const lost of await chain.findLost()) {
      if (lost.bytes > freeBytes * mostShareOfFree || !(await isLikely(lost))) continue
      await chain.succeed(lost.rail)
      log.info({ lost: String(lost.rail), bytes: lost.bytes }, 'a lost rail is repaired here')
      return
    }
  }
  const giveUp = async ({ rail }: Repair): Promise<void> => {
    await chain.giveUp(rail)
    for (const bundle of store.bundles())
      if (bundle.rail === rail) await store.dropBundle(bundle.rail, bundle.piece)
    log.error({ rail: String(rail) }, 'a repair was not proven in time, and is given up')
  }
  const goOn = async (repair: Repair, signal: AbortSignal): Promise<void> => {
    const { rail, signer, roots } = repair
    const isHere = new Set(store.bundles().flatMap((bundle) => (bundle.rail === rail ? [bundle.piece] : [])))
    const missing = new Map(
      roots.flatMap((root, piece) => (isHere.has(piece) ? [] : [[toHex(root), piece] as const])),
    )
    const told = (left: number) => {
      current = { repair, rebuilt: roots.length - left }
    }
    told(missing.size)
    if (missing.size > 0) {
      const { lost } = repair
      await withOperators(signer, ({ directory, reader }) =>
        rebuildBundles({
          ...{ directory, reader, store, rail, missing, signal },
          isOfRail: (sequence) => lost.includes(railOfListSequence(sequence)),
          keptUntil: Math.floor(nowMs() / 1_000) + keptSeconds,
          onError: (error) => problems.tell(rail, error),
          onBundle: (left) => told(left),
        }),
      )
    }
    if (missing.size > 0) return
    if (!repair.isCopied) {
      await chain.copyPieces(rail)
      log.info({ rail: String(rail), pieces: roots.length }, 'what was lost is here again, and under proof')
    }
    problems.clear(rail)
    if (!(await chain.complete(rail))) return
    completed += 1
    current = undefined
    log.info({ rail: String(rail) }, 'a repair is done and paid for')
  }

  return {
    async step(signal) {
      const repair = await chain.readRepair()
      if (repair === undefined) {
        current = undefined
        return takeOn()
      }
      if (!repair.isOver) return goOn(repair, signal)
      // Proven in time it can be completed still.
      if (!(await chain.complete(repair.rail))) await giveUp(repair)
    },
    status: () => ({
      rail: current === undefined ? undefined : String(current.repair.rail),
      lost: current === undefined ? undefined : String(current.repair.lost[0]),
      pieces: current?.repair.roots.length ?? 0,
      rebuilt: current?.rebuilt ?? 0,
      completed,
      problems: Object.fromEntries([...problems.all()].map(([rail, problem]) => [String(rail), problem])),
    }),
  }
}

interface Source {
  readonly directory: ReturnType<typeof createOperatorDirectory>
  readonly reader: ReturnType<typeof createSlabReader>
}
