import type { KeyObject } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { constants, DatabaseSync } from 'node:sqlite'
import { syncFolder } from '@cairn/runtime'
import { type FoundSlab, readFoundSlab } from '../slab/find-slabs.ts'
import type { SlabReader } from '../slab/slab-reader.ts'
import type { OperatorDirectory } from '../slab/storage-operator.ts'
import { followEntries, type WholeEntry } from './follow-entries.ts'
import { JOURNALED, type Journaled, parseBody } from './journal-body.ts'
import { JournalError } from './journal-error.ts'
import { type JournalKind, type JournalPart, openPart } from './journal-part.ts'

type FoundJournal = FoundSlab<JournalKind>

/** What restoring needs from outside. */
export interface RestoreOptions {
  readonly found: readonly FoundJournal[]
  readonly key: KeyObject
  readonly directory: OperatorDirectory
  readonly reader: Pick<SlabReader, 'readChecked'>
  /** Where the databases go: nothing is there. */
  readonly paths: Readonly<Record<Journaled, string>>
  /** Makes the tables of both where there is no checkpoint. */
  readonly createTables: (paths: RestoreOptions['paths']) => void
  readonly signal: AbortSignal
  /** Told of slabs that could not be read: they may be of an entry that was never acknowledged. */
  readonly onError: (error: unknown) => void
}

/** What was restored. */
export interface Restored {
  /** The checkpoint it began with; undefined where there was none. */
  readonly checkpoint: bigint | undefined
  readonly entries: number
}

/**
 * Makes a gateway's databases again: the newest checkpoint that is whole, and every entry behind it, in order.
 *
 * @throws JournalError `nothing_to_restore`, `journal_hole`, `journal_forked`, `journal_conflict`
 */
export async function restoreDatabases(options: RestoreOptions): Promise<Restored> {
  const { found, paths, createTables } = options
  const checkpoints = await readWhole(found, 'checkpoint', options)
  const newest = checkpoints.reduce<WholeEntry | undefined>(
    (most, each) => (most === undefined || each.sequence > most.sequence ? each : most),
    undefined,
  )
  const entries = followEntries(await readWhole(found, 'journal', options), newest?.sequence ?? 0n)
  if (newest === undefined && entries.length === 0) throw nothing()

  for (const name of JOURNALED) await mkdir(dirname(paths[name]), { recursive: true })
  try {
    if (newest === undefined) createTables(paths)
    else
      for (const { database, bytes } of parseBody(newest.body))
        await writeFile(paths[database], bytes, { flag: 'wx', mode: 0o600 })
    applyEntries(entries, paths)
  } catch (error) {
    for (const name of JOURNALED)
      for (const end of ['', '-wal', '-shm']) await rm(`${paths[name]}${end}`, { force: true })
    throw error
  }
  for (const name of JOURNALED) await syncFolder(dirname(paths[name]))
  return { checkpoint: newest?.sequence, entries: entries.length }
}

const {
  SQLITE_CHANGESET_ABORT: abort,
  SQLITE_CHANGESET_CONFLICT: conflicting,
  SQLITE_CHANGESET_DATA: differing,
  SQLITE_CHANGESET_OMIT: omit,
  SQLITE_CHANGESET_REPLACE: replace,
} = constants

/**
 * What customers see follows from entry to entry, or something is wrong. Where rows are is not all in the journal (an entry can not say where it is itself): the newer word counts.
 */
const onConflict: Readonly<Record<Journaled, (type: number) => number>> = {
  catalogue: () => abort,
  slabs: (type) => (type === conflicting || type === differing ? replace : omit),
}

function applyEntries(entries: readonly WholeEntry[], paths: RestoreOptions['paths']): void {
  const databases = { catalogue: new DatabaseSync(paths.catalogue), slabs: new DatabaseSync(paths.slabs) }
  try {
    for (const { sequence, body } of entries)
      for (const { database, bytes } of parseBody(body))
        if (!databases[database].applyChangeset(bytes, { onConflict: onConflict[database] }))
          throw conflict(sequence, database)
  } finally {
    databases.catalogue.close()
    databases.slabs.close()
  }
}

/** Those of which all parts are there. */
async function readWhole(
  found: readonly FoundJournal[],
  kind: JournalKind,
  options: RestoreOptions,
): Promise<readonly WholeEntry[]> {
  const parts = new Map<string, JournalPart[]>()
  for (const slab of found.filter((each) => each.kind === kind)) {
    const part = await readPart(slab, options).catch((error) => void options.onError(error))
    if (part === undefined) continue
    const name = `${Buffer.from(part.run).toString('hex')} ${part.sequence}`
    parts.set(name, [...(parts.get(name) ?? []), part])
  }
  return [...parts.values()].flatMap((some) => {
    const [{ run, sequence, previous, parts: count }] = some as [JournalPart]
    const all = Array.from({ length: count }, (_, i) => some.find(({ part }) => part === i))
    if (all.some((part) => part === undefined)) return []
    return [{ run, sequence, previous, body: new Uint8Array(Buffer.concat(all.map((part) => part!.bytes))) }]
  })
}

async function readPart(
  found: FoundJournal,
  { directory, reader, key, signal }: RestoreOptions,
): Promise<JournalPart | undefined> {
  const sealed = await readFoundSlab(found, directory, reader, signal)
  return sealed === undefined ? undefined : openPart(key, found.kind, sealed)
}

const nothing = (): JournalError =>
  new JournalError({
    code: 'nothing_to_restore',
    message: 'No operator of this key has a checkpoint or a journal that can be read.',
    fix: 'Check that the root key is the right one, that its rails are running, and that operators answer; or start without --restore for a new gateway.',
    field: 'restore',
  })

const conflict = (sequence: bigint, database: Journaled): JournalError =>
  new JournalError({
    code: 'journal_conflict',
    message: `Entry ${sequence} of the journal does not follow from what is before it in the database of ${database}.`,
    fix: 'Report this with the numbers: it is a fault of the gateway that wrote it. Nothing was written.',
    field: 'sequence',
    value: String(sequence),
  })
