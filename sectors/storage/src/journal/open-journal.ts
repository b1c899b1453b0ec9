import type { KeyObject } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing, syncFolder, writeAtomic } from '@cairn/runtime'
import { createFlush } from '../gateway/catalogue/create-flush.ts'
import { enterLateRows } from '../slab/enter-late-rows.ts'
import type { SlabIndex } from '../slab/slab-index.ts'
import type { SlabWriter, WrittenSlab } from '../slab/slab-writer.ts'
import { encodeBody, type JournalFrame } from './journal-body.ts'
import { type JournalKind, MAX_PART_BYTES, sealPart } from './journal-part.ts'
import type { TrackedDatabase } from './track-changes.ts'

/** What a journal needs from outside. */
export interface JournalOptions {
  /** Where it keeps how far it is. */
  readonly folder: string
  readonly key: KeyObject
  readonly index: Pick<
    SlabIndex,
    'insertNumbered' | 'journalSlabs' | 'removeNumbered' | 'setHolders' | 'addDeletions'
  >
  readonly catalogue: TrackedDatabase
  readonly slabs: TrackedDatabase
  /** Whether the databases were made just now, and hold nothing. */
  readonly isNew: boolean
  readonly writer: Pick<SlabWriter, 'codeFor' | 'write'>
  /** Entries between two checkpoints: what a restore reads at most, and what every compaction costs. */
  readonly mostEntries: number
  readonly random: (count: number) => Uint8Array
  readonly onError: (error: unknown) => void
}

/** What changed in a gateway's databases, with its operators. */
export interface Journal {
  /** What was committed before the call is durable with operators when it resolves; calls that come meanwhile share the next entry. */
  flush(): Promise<void>
  /** As `flush`, and where rows are is a reason for an entry too. */
  flushAll(): Promise<void>
  /** Writes a checkpoint when there are many entries since the last one, and deletes what it stands for. */
  compact(): Promise<void>
  /** When nothing changes any more. @throws what operators did wrong; the next opening begins with a checkpoint then */
  close(): Promise<void>
}

/** Numbers that an entry whose gateway was killed may have had, and more. */
const skipped = 65_536n
const stateName = 'journal.json'

/**
 * Opens the journal of databases that were tracked since they were opened. Where it was not closed in order nobody knows what the last entry says: it begins with a checkpoint then.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { folder, key, index, catalogue, slabs, isNew, writer, mostEntries, random, onError } = options
  const statePath = join(folder, stateName)
  const closedAt = await takeState(folder, statePath)
  const run = random(8)
  /** The last number used, and the last entry that is durable: an entry that failed is written again under another number. */
  let [last, tip] = [closedAt?.last ?? lastKnown(index), closedAt?.tip ?? 0n]
  let entries = 0
  let isCheckpointDue = closedAt === undefined && !isNew
  let pending: JournalFrame[] = []
  const late = new Set<Promise<void>>()

  const store = async (kind: JournalKind, frames: readonly JournalFrame[]): Promise<void> => {
    last += 1n
    const sequence = last
    const previous = kind === 'checkpoint' ? sequence : tip
    const body = encodeBody(frames)
    const parts = Math.max(1, Math.ceil(body.length / MAX_PART_BYTES))
    for (let part = 0; part < parts; part++) {
      const bytes = body.subarray(part * MAX_PART_BYTES, (part + 1) * MAX_PART_BYTES)
      const sealed = sealPart(key, kind, { run, sequence, previous, part, parts, bytes }, random(12))
      const written = await writer.write(
        { kind, sequence, contentBytes: sealed.length },
        sealed,
        sealed.length,
      )
      index.insertNumbered({ kind, sequence }, part, written)
      for (const slab of written) follow(slab)
    }
    tip = sequence
  }
  const follow = (slab: WrittenSlab) => {
    const entering: Promise<void> = enterLateRows(index, slab)
      .catch(onError)
      .finally(() => late.delete(entering))
    late.add(entering)
  }
  const checkpoint = async () => {
    // With too few operators for any code the databases are not read for nothing.
    writer.codeFor(MAX_PART_BYTES)
    const before = index.journalSlabs()
    const frames: JournalFrame[] = [
      { database: 'catalogue', bytes: catalogue.snapshot() },
      { database: 'slabs', bytes: slabs.snapshot() },
    ]
    // Until it is stored no entry says what they do.
    isCheckpointDue = true
    pending = []
    await store('checkpoint', frames)
    isCheckpointDue = false
    entries = 0
    for (const slab of before) index.removeNumbered(slab)
  }
  const append = async (isForced: boolean) => {
    if (isCheckpointDue) return checkpoint()
    const changes = catalogue.take()
    pending.push({ database: 'slabs', bytes: slabs.take() }, { database: 'catalogue', bytes: changes })
    pending = pending.filter(({ bytes }) => bytes.length > 0)
    // Where rows are waits for the next change of what a customer sees: an entry moves rows itself, and would be a reason for another.
    const isDue = pending.some(({ database }) => isForced || database === 'catalogue')
    if (!isDue) return
    const frames = pending
    await store('journal', frames)
    entries += 1
    pending = pending.slice(frames.length)
  }
  // One at a time: an entry is what came after the one before.
  let turn: Promise<void> = Promise.resolve()
  const inTurn = (body: () => Promise<void>): Promise<void> => {
    const done = turn.then(body)
    turn = done.catch(() => undefined)
    return done
  }
  const flush = createFlush(() => inTurn(() => append(false)))
  if (isCheckpointDue) {
    last += skipped
    // Who can not store it now serves what is there; the next change waits for it.
    await inTurn(checkpoint).catch(onError)
  }
  return {
    flush,
    compact: async () => (entries < mostEntries ? undefined : inTurn(checkpoint)),
    flushAll: () => inTurn(() => append(true)),
    async close() {
      await inTurn(() => append(true))
      await Promise.all(late)
      await writeAtomic(statePath, `${JSON.stringify({ last: `${last}`, tip: `${tip}` })}\n`)
    },
  }
}

/** The largest number of which the index knows. */
function lastKnown(index: JournalOptions['index']): bigint {
  let last = 0n
  for (const { sequence } of index.journalSlabs()) if (sequence > last) last = sequence
  return last
}

/** How far it was where the journal was closed in order; from now on it is not. */
async function takeState(
  folder: string,
  path: string,
): Promise<{ readonly last: bigint; readonly tip: bigint } | undefined> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (isMissing(error)) return undefined
    throw error
  })
  if (text === undefined) return undefined
  await rm(path)
  await syncFolder(folder)
  const { last, tip } = JSON.parse(text) as { last: string; tip: string }
  return { last: BigInt(last), tip: BigInt(tip) }
}
