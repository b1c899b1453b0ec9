import { type Clock, fileExists } from '@cairn/runtime'
import type { Catalogue } from '../gateway/catalogue/catalogue.ts'
import { cataloguePath, openDatabase } from '../gateway/catalogue/open-database.ts'
import type { ContentStore } from '../gateway/content/content-store.ts'
import { adoptRows } from '../journal/adopt-rows.ts'
import { JournalError } from '../journal/journal-error.ts'
import { deriveJournalKey } from '../journal/journal-part.ts'
import { type Journal, openJournal } from '../journal/open-journal.ts'
import { restoreDatabases } from '../journal/restore-databases.ts'
import { createByteBudget } from '../slab/byte-budget.ts'
import { findSlabs } from '../slab/find-slabs.ts'
import { createNetworkContentStore } from '../slab/network-content-store.ts'
import { createOperatorHealth } from '../slab/operator-health.ts'
import { type PlacementRules, placeRows } from '../slab/place-rows.ts'
import type { RowLoss } from '../slab/read-outcome.ts'
import { SlabError } from '../slab/slab-error.ts'
import { openSlabIndex, type SlabIndex, slabIndexPath } from '../slab/slab-index.ts'
import { createSlabReader, type PlacedSlab } from '../slab/slab-reader.ts'
import { createSlabWriter } from '../slab/slab-writer.ts'
import type { StorageOperator } from '../slab/storage-operator.ts'
import { rowBytesOf } from '../wire/slab-descriptor.ts'
import { createAuditor } from './create-auditor.ts'
import { createBundler } from './create-bundler.ts'
import { createEgressPayer } from './create-egress-payer.ts'
import { createOperatorDirectory, type FollowedDirectory } from './create-operator-directory.ts'
import { createRebuilder } from './create-rebuilder.ts'
import { createRecordKeeper, type RecordKeeper } from './create-record-keeper.ts'
import { createRemover } from './create-remover.ts'
import { followStandings } from './follow-standings.ts'
import { followSuccessions } from './follow-successions.ts'
import type { GatewayChain } from './gateway-chain.ts'
import { openEgressBook } from './open-egress-book.ts'
import type { OperatorSettings } from './operator-settings.ts'

/** What contents over operators need from outside. */
export interface OverOperatorsOptions {
  /** Of the index of slabs, and of what belongs to it. */
  readonly folder: string
  readonly catalogueFolder: string
  readonly chain: GatewayChain
  /** 32 bytes. */
  readonly rootKey: Uint8Array
  readonly settings: OperatorSettings
  readonly clock: Clock
  readonly random: (count: number) => Uint8Array
  /** Told of what went wrong behind a call that was answered. */
  readonly onError: (error: unknown) => void
}

/** Contents with the operators of a customer's rails. */
export interface OverOperators {
  readonly content: ContentStore
  /** The journal of a catalogue that was opened just now; its end waits for what is under way. */
  openJournal(catalogue: Pick<Catalogue, 'track'>): Promise<Pick<Journal, 'flush' | 'close'>>
  /** Begins to follow rails, and to bring rows under proof. */
  start(): void
  facts(): Readonly<Record<string, string>>
  /** Waits for what is under way. */
  close(): Promise<void>
}

/** Entries of the journal between two checkpoints. */
const mostEntries = 1_000
/** Rows in memory at once. */
const budgetBytes = 256 * 2 ** 20

/**
 * Finds the operators, restores what was lost where that was asked for, and opens the index of slabs.
 *
 * @throws JournalError; SlabError `too_few_operators` when a code was asked for that they cannot honour; what the chain did wrong
 */
export async function openOverOperators(options: OverOperatorsOptions): Promise<OverOperators> {
  const { folder, catalogueFolder, chain, rootKey, settings, clock, random, onError } = options
  const nowMs = () => clock.now()
  const book = openEgressBook(folder)
  const { paidRows } = createEgressPayer({ chain, book, nowMs, onError })
  // Nothing is thought of anybody before the index of slabs, with the records in it, is open.
  let sharePpm = (_device: number) => 1_000_000
  const directory = createOperatorDirectory({
    ...{ chain, nowMs, random, paidRows },
    sharePpm: (device) => sharePpm(device),
  })
  const { code, rowsPerOperator, countries, bundleMs, rebuildMs, auditMs, refreshMs } = settings
  const rules = {
    rowsPerOperator,
    countries: countries === undefined ? undefined : new Set(countries),
  }
  try {
    await directory.refresh()
    requirePlaces(runningOf(directory), code, rules)
  } catch (error) {
    directory.close()
    book.close()
    throw error
  }
  const health = createOperatorHealth(nowMs)
  let keeper: RecordKeeper | undefined
  /** Of a restore that reads before there is an index. */
  let lose: SlabIndex['loseRow'] = () => undefined
  const loseRow = ({ id }: PlacedSlab, row: number, device: number, how: RowLoss) => {
    lose(id, row, device)
    onError(lostRow(row, device, how))
  }
  const reader = createSlabReader({
    ...{ directory, health, clock },
    onRead: ({ bytes: amount, ...read }) => keeper?.note({ kind: 'retrieval', amount, ...read }),
    onLostRow(placed, row, device, how) {
      const { id, slab } = placed
      const outcome = how === 'wrong' ? 'wrong' : 'refused'
      const amount = rowBytesOf(slab)
      keeper?.note({ kind: 'retrieval', outcome, slab: id, device, amount, isLoss: true })
      loseRow(placed, row, device, how)
    },
  })
  const paths = { catalogue: cataloguePath(catalogueFolder), slabs: slabIndexPath(folder) }
  const isNew = !(await fileExists(paths.catalogue))
  const key = deriveJournalKey(rootKey)
  const ended = new AbortController()
  const closeAll = () => {
    directory.close()
    book.close()
  }
  const restored = await restore().catch((error) => {
    closeAll()
    throw error
  })
  const index = openSlabIndex(folder)
  if (restored !== undefined) {
    index.addDeletions(restored.strays)
    await adoptRows(directory, index, ended.signal, onError)
  }
  const records = createRecordKeeper({ ...{ index, chain, nowMs, onError }, payerOf: directory.payerOf })
  keeper = records
  lose = index.loseRow
  const standings = followStandings({ index, chain, nowMs })
  sharePpm = standings.sharePpm
  const auditor = createAuditor({
    ...{ index, directory, clock, random },
    keeper: records,
    onLostRow: loseRow,
    contained: standings.contained,
  })
  const writer = createSlabWriter({
    ...{ directory, health, clock, rules, code, random },
    customer: chain.customer,
    budget: createByteBudget(budgetBytes),
    onStray: (slab, row, device) => index.addDeletions([{ slab, row, device }]),
  })
  const content = createNetworkContentStore({ index, writer, reader, directory, rootKey, random, onError })
  const bundler = createBundler({ index, writer, chain, bundleMs, nowMs, onError })
  const remover = createRemover({ index, chain, bundleMs, nowMs, onError })
  const takeSuccessions = followSuccessions({ index, directory, chain, onError })
  const rebuilder = createRebuilder({
    ...{ index, reader, directory, health, clock, rules, random, onError },
    isGone: (device) => !directory.isUnderRepair(device) && directory.silentMs(device) >= rebuildMs,
  })
  let journal: Journal | undefined
  let auditedMs = Number.NEGATIVE_INFINITY
  let judgedMs = Number.NEGATIVE_INFINITY
  const judge = async () => {
    const devices = directory.rails().map(({ rail }) => rail)
    if (nowMs() - auditedMs >= auditMs) {
      auditedMs = nowMs()
      await auditor.audit(devices.map(({ device }) => device))
      await records.settled()
    }
    if (judgedMs >= auditedMs) return
    await standings.refresh(devices)
    judgedMs = nowMs()
  }
  // Apart from what keeps rows safe: operators that do not answer, and a chain that is long, take their time.
  const judgeOn = async () => {
    while (!ended.signal.aborted) {
      await judge().catch(onError)
      await clock.sleep(refreshMs, ended.signal).catch(() => undefined)
    }
  }
  const follow = async () => {
    while (!ended.signal.aborted) {
      await directory.refresh().catch(onError)
      await bundler.step(directory.rails()).catch(onError)
      await remover.step(directory.rails().map(({ rail }) => rail.rail))
      const succeeded = await takeSuccessions(ended.signal)
      const rebuilt = await rebuilder.pass(ended.signal).catch(onError)
      // Whoever restores has to know where the rows went.
      if (rebuilt || succeeded) await journal?.flushAll().catch(onError)
      await journal?.compact().catch(onError)
      await content.sweep().catch(onError)
      await clock.sleep(refreshMs, ended.signal).catch(() => undefined)
    }
  }
  let following: Promise<unknown> | undefined
  return {
    content,
    start() {
      following ??= Promise.all([follow(), judgeOn()])
    },
    async openJournal(catalogue) {
      const opened = await openJournal({
        ...{ folder, key, index, writer, mostEntries, random, onError },
        isNew: isNew && restored === undefined,
        catalogue: catalogue.track(),
        slabs: index.track(),
      })
      journal = opened
      return {
        flush: opened.flush,
        async close() {
          ended.abort()
          await following
          await Promise.all([content.settled(), bundler.settled(), records.settled()])
          // What could not be journaled is in the data folder: the next start begins with a checkpoint.
          await opened.close().catch(onError)
        },
      }
    },
    facts: () => ({
      signer: chain.customer,
      operators: String(directory.all().length),
      ...(restored === undefined ? {} : { restoredEntries: String(restored.entries) }),
    }),
    async close() {
      ended.abort()
      await following
      await Promise.all([content.settled(), bundler.settled(), records.settled()])
      index.close()
      closeAll()
    },
  }

  async function restore() {
    if (!isNew) {
      if (settings.restore) throw notEmpty(paths.catalogue)
      return undefined
    }
    let silent = 0
    const found = await findSlabs(directory, ['checkpoint', 'journal'], ended.signal, (error) => {
      silent += 1
      onError(error)
    })
    if (!settings.restore) {
      // Each is asked twice. Every code loses a third of its rows at least before it loses a slab.
      const isUnknown = silent * 3 > directory.all().length * 2
      if (found.length > 0 || isUnknown) throw notRestored(found.length, silent)
      return undefined
    }
    const createTables = () => {
      openDatabase(catalogueFolder).close()
      openSlabIndex(folder).close()
    }
    const { signal } = ended
    const made = await restoreDatabases({
      found,
      key,
      directory,
      reader,
      paths,
      createTables,
      signal,
      onError,
    })
    // A checkpoint of the databases as they are now takes the place of all of these.
    const strays = found.flatMap(({ id, holders }) =>
      [...holders].map(([row, device]) => ({ slab: id, row, device })),
    )
    return { ...made, strays }
  }
}

const notRestored = (slabs: number, silent: number): JournalError =>
  new JournalError({
    code: 'not_restored',
    message:
      slabs > 0
        ? `The data folder is empty, and operators have ${slabs} slabs of this root key's journal.`
        : `The data folder is empty, and too many operators did not say whether they have this root key's journal (${silent} questions without an answer).`,
    fix: 'Start once with --restore, which makes the catalogue again; for a new gateway take another root key, or wait until operators answer.',
    field: 'restore',
  })

const notEmpty = (path: string): JournalError =>
  new JournalError({
    code: 'not_empty',
    message: `There is a catalogue at ${path} already.`,
    fix: 'Leave --restore out; or name an empty folder with --data.',
    field: 'restore',
    value: path,
  })

/** Whoever does not answer now may later: what counts is how many there are. */
function requirePlaces(
  operators: readonly StorageOperator[],
  code: OperatorSettings['code'],
  rules: PlacementRules,
): void {
  if (code !== undefined) placeRows(operators.map(emptied), { rows: code.rows, rowBytes: 1, rules, seed: 0 })
}

/** Those that rows may be placed with. */
const runningOf = (directory: FollowedDirectory): readonly StorageOperator[] =>
  directory.rails().map(({ rail }) => directory.find(rail.device)!)

const emptied = (operator: StorageOperator): StorageOperator => ({
  ...operator,
  freeBytes: Number.MAX_SAFE_INTEGER,
})

const lostRow = (row: number, device: number, how: RowLoss): SlabError =>
  new SlabError({
    code: 'lost_row',
    message: `Device ${device} ${how === 'wrong' ? `gave bytes for row ${row} that are not those its slab commits to` : `says that it does not have row ${row} of a slab any more`}.`,
    fix: 'Nothing is lost: the slab is read from other rows, and this one made again when too few are left. Leave the device if it goes on.',
    field: 'device',
    value: String(device),
  })
