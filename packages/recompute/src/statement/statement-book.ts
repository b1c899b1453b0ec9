import {
  type ChainReader,
  epochEnd,
  type NetworkHistory,
  type RootEntry,
  readBudgetOf,
  readDeviceOwner,
  readVerifierBudgetOf,
} from '@cairn/chain'
import { deriveStatement, type RangeFacts, type RangeStatement } from '@cairn/economics'
import type { Hex } from '@cairn/protocol'
import { createCreditJournal, type FinalRoot } from './credit-journal.ts'
import type { StatementStore } from './statement-store.ts'

/** What a network's final roots paid against what its customers spent; one row a root. */
export interface StatementBook {
  /** Reads on, and derives the rows of roots that became final since. Call it after the history was synced, and not while it runs. */
  sync(): Promise<void>
  /** In order of epochs; undefined until the first `sync` is over. */
  readonly rows: readonly RangeStatement[] | undefined
}

/** What a {@link StatementBook} is made from. */
export interface StatementBookOptions {
  readonly reader: ChainReader
  readonly history: NetworkHistory
  /** What a root left behind. Where it can not be had any more, undefined: then nothing is said of who earned. */
  readonly stateOf: (rootId: Hex) => Promise<{ readonly cumulative: readonly bigint[] } | undefined>
  /** Default: none, every row is derived anew. */
  readonly store?: StatementStore
}

interface Row extends FinalRoot {
  readonly row: RangeStatement
}

/** Questions to the chain at one time. */
const READS_AT_ONCE = 32

/** Makes a book that has read nothing yet. */
export function createStatementBook({
  reader,
  history,
  stateOf,
  store,
}: StatementBookOptions): StatementBook {
  const { network } = history
  const journal = createCreditJournal(reader, network)
  let done: readonly Row[] = []
  let isRead = false

  const earnedBy = async (root: RootEntry, before: Hex | undefined) => {
    const [then, now] = [
      before === undefined ? { cumulative: [] } : await stateOf(before),
      await stateOf(root.rootId),
    ]
    if (then === undefined || now === undefined) return undefined
    return readEarned(reader, network, earnedBetween(then.cumulative, now.cumulative))
  }
  const derive = async (entry: RootEntry, final: FinalRoot, before: Hex | undefined) => {
    const { first, last, workSums } = entry.root
    const known = await store?.read(final)
    if (known !== undefined) return known
    const row = deriveStatement({
      first,
      last,
      emitted: await emittedIn(reader, { network, first, last }),
      spent: journal.spentIn(first, last),
      earned: await earnedBy(entry, before),
      work: workSums.reduce((sum, work) => sum + work, 0n),
      price: journal.priceAt(entry.rootId, epochEnd(history.timeline, last)),
    })
    await store?.write(final, row)
    return row
  }

  return {
    async sync() {
      await journal.sync()
      const { finals } = journal
      // A reorg may have put another root in the place of one.
      const differs = done.findIndex(({ blockHash }, place) => finals[place]?.blockHash !== blockHash)
      if (differs !== -1) done = done.slice(0, differs)
      for (const final of finals.slice(done.length)) {
        const entry = history.roots.get(final.rootId)
        // The journal has read on; the history will, too.
        if (entry?.state !== 'final') break
        done = [...done, { ...final, row: await derive(entry, final, done.at(-1)?.rootId) }]
      }
      isRead = true
    },
    get rows() {
      return isRead ? done.map(({ row }) => row) : undefined
    },
  }
}

async function emittedIn(reader: ChainReader, range: Parameters<typeof readBudgetOf>[1]): Promise<bigint> {
  const [programs, verifiers] = await Promise.all([
    readBudgetOf(reader, range),
    readVerifierBudgetOf(reader, range),
  ])
  return programs.reduce((sum, amount) => sum + amount, verifiers)
}

interface Earned {
  readonly device: number
  readonly tokens: bigint
}

function earnedBetween(before: readonly bigint[], cumulative: readonly bigint[]): readonly Earned[] {
  return cumulative
    .map((total, device) => ({ device, tokens: total - (before[device] ?? 0n) }))
    .filter(({ tokens }) => tokens > 0n)
}

/** Owners as they are now: rewards follow the device. */
async function readEarned(
  reader: ChainReader,
  network: NetworkHistory['network'],
  earned: readonly Earned[],
): Promise<RangeFacts['earned']> {
  const owned: { owner: Hex; tokens: bigint }[] = []
  for (let at = 0; at < earned.length; at += READS_AT_ONCE) {
    const some = earned.slice(at, at + READS_AT_ONCE).map(async ({ device, tokens }) => ({
      owner: await readDeviceOwner(reader, { network, index: device }),
      tokens,
    }))
    owned.push(...(await Promise.all(some)))
  }
  return owned
}
