import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { REPORT_LIMITS } from '@cairn/protocol'
import { isMissing, writeAtomic } from '@cairn/runtime'
import { AgentError } from '../agent-error.ts'
import { encodeFrame, parseJournal } from './journal.ts'
import type { KeptObservation, KeptReport, OutboxEntry } from './outbox-entry.ts'
import { applyEntry, emptyState, entriesOf, type OutboxState, type PendingReport } from './outbox-state.ts'

export interface OutboxOptions {
  readonly path: string
  /** Most observations kept at a time; more are refused. Default 1 000 000. */
  readonly maxObservations?: number
  /** Most bytes of observations kept at a time. Default 256 MiB. */
  readonly maxBytes?: number
  /** The file is rewritten when it is longer than this and than twice what it holds. Default 8 MiB. */
  readonly compactBytes?: number
  /** Sequences taken from the file at a time; the rest of a reservation is skipped after a restart. Default 256. */
  readonly reserveSequences?: number
}

/** What an agent has yet to bring to an ingest. Everything that resolves is durable. */
export interface Outbox {
  /** @throws AgentError `outbox_full`, `oversized_observation`, `outbox_closed`, `outbox_write_failed` */
  keep(observation: { device: number; receivedMs: number; bytes: Uint8Array }): Promise<void>
  /** A sequence that no report of the device ever had, whatever happened before. `first` is where a device without a past begins. */
  takeSequence(device: number, first: number): Promise<number>
  addReport(report: KeptReport): Promise<void>
  /** Marks reports as done, or as to be built again. */
  endReports(reports: readonly PendingReport[], how: 'settled' | 'returned'): Promise<void>
  dropObservations(observations: readonly KeptObservation[]): Promise<void>
  /** Those that no report carries, oldest first. */
  waiting(): readonly KeptObservation[]
  reports(): readonly PendingReport[]
  size(): { readonly observations: number; readonly sizeBytes: number; readonly fileBytes: number }
  /** Waits for what was begun, then closes the file. */
  close(): Promise<void>
}

const MAX_SEQUENCE = 0xffff_ffff

/**
 * Opens an outbox: an append-only file whose frames are made durable (fdatasync) before their callers go on. Calls that
 * come while a frame is written share the next one. A torn last frame is cut off, and left beside the file as `.torn`.
 * One process at a time may have it open.
 *
 * @throws AgentError `corrupt_outbox`
 */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { maxObservations = 1_000_000, maxBytes = 256 << 20, reserveSequences = 256 } = options
  const { state, journal } = await openJournal(options)
  const next = new Map<number, number>()
  const admitted = { observations: 0, bytes: 0 }
  let nextId = state.nextId

  const takeId = (): number => {
    const id = nextId
    nextId = (nextId + 1) >>> 0
    return id
  }
  const admit = (bytes: number, sign: 1 | -1): void => {
    admitted.observations += sign
    admitted.bytes += sign * bytes
  }
  return {
    async keep({ device, receivedMs, bytes }) {
      if (bytes.length > REPORT_LIMITS.observationBytes) throw oversized(bytes.length)
      const observations = state.observationCount + admitted.observations
      if (
        observations >= maxObservations ||
        state.observationBytes + admitted.bytes + bytes.length > maxBytes
      )
        throw full(observations)
      // Counted from here on, so that calls that wait for the same frame can not go over the limit together.
      admit(bytes.length, 1)
      const observation = { id: takeId(), device, receivedMs, attempt: 0, bytes: new Uint8Array(bytes) }
      try {
        await journal.append([{ kind: 'observation', observation }])
      } finally {
        admit(bytes.length, -1)
      }
    },
    async takeSequence(device, first) {
      const sequence = next.get(device) ?? state.reserved.get(device) ?? first
      if (sequence >= MAX_SEQUENCE) throw exhausted(device)
      next.set(device, sequence + 1)
      if (sequence >= (state.reserved.get(device) ?? 0)) {
        const upTo = Math.min(MAX_SEQUENCE, sequence + reserveSequences)
        await journal.append([{ kind: 'reserved', device, upTo }])
      }
      return sequence
    },
    addReport: (report) => journal.append([{ kind: 'report', report }]),
    endReports: (reports, how) =>
      journal.append(reports.map(({ header: { device, sequence } }) => ({ kind: how, device, sequence }))),
    dropObservations: (observations) =>
      journal.append(observations.map(({ id }) => ({ kind: 'dropped', id }))),
    waiting: () => [...state.waiting.values()],
    reports: () => [...state.reports.values()],
    size: () => ({
      observations: state.observationCount,
      sizeBytes: state.observationBytes,
      fileBytes: journal.fileBytes(),
    }),
    close: journal.close,
  }
}

interface OpenJournal {
  append(entries: readonly OutboxEntry[]): Promise<void>
  fileBytes(): number
  close(): Promise<void>
}

type Waiter = { entries: readonly OutboxEntry[]; resolve: () => void; reject: (error: Error) => void }

async function openJournal({
  path,
  compactBytes = 8 << 20,
}: OutboxOptions): Promise<{ state: OutboxState; journal: OpenJournal }> {
  await mkdir(dirname(path), { recursive: true })
  const { state, validBytes } = await readState(path)
  let fileBytes = validBytes
  let file = await open(path, 'a')
  await file.truncate(validBytes)
  await file.datasync()
  let queue: Waiter[] = []
  let writing: Promise<void> | undefined
  let failure: Error | undefined
  let closed = false

  const compact = async (): Promise<void> => {
    const bytes = encodeFrame(entriesOf(state))
    if (fileBytes < 2 * bytes.length) return
    await file.close()
    await writeAtomic(path, bytes)
    file = await open(path, 'a')
    fileBytes = bytes.length
  }
  const writeQueue = async (): Promise<void> => {
    while (queue.length > 0 && failure === undefined) {
      const batch = queue
      queue = []
      try {
        const frame = encodeFrame(batch.flatMap(({ entries }) => entries))
        await file.writeFile(frame)
        await file.datasync()
        fileBytes += frame.length
        for (const { entries, resolve } of batch) {
          for (const entry of entries) applyEntry(state, entry)
          resolve()
        }
        if (fileBytes > compactBytes) await compact()
      } catch (cause) {
        // After a failed write nobody knows what is in the file, so nothing more is written before it is read again.
        failure = writeFailed(path, cause)
        for (const { reject } of [...batch, ...queue]) reject(failure)
        queue = []
      }
    }
    writing = undefined
  }
  const journal: OpenJournal = {
    append(entries) {
      if (entries.length === 0) return Promise.resolve()
      if (failure !== undefined) return Promise.reject(failure)
      if (closed) return Promise.reject(closedError())
      return new Promise((resolve, reject) => {
        queue.push({ entries, resolve, reject })
        writing ??= writeQueue()
      })
    },
    fileBytes: () => fileBytes,
    async close() {
      if (closed) return
      closed = true
      await writing
      await file.close()
    },
  }
  return { state, journal }
}

async function readState(path: string): Promise<{ state: OutboxState; validBytes: number }> {
  const state = emptyState()
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (error) {
    if (!isMissing(error)) throw error
    // Made with its name durable, so that what is appended later can not vanish with the file.
    await writeAtomic(path, new Uint8Array(0))
    return { state, validBytes: 0 }
  }
  const { entries, validBytes } = parseJournal(bytes)
  for (const entry of entries) applyEntry(state, entry)
  // Nobody was told of it, but whoever looks for a mistake may want to see it.
  if (validBytes < bytes.length) await writeAtomic(`${path}.torn`, bytes.subarray(validBytes))
  return { state, validBytes }
}

const oversized = (sizeBytes: number): AgentError =>
  new AgentError({
    code: 'oversized_observation',
    message: `An observation has ${sizeBytes} bytes; it may have ${REPORT_LIMITS.observationBytes}.`,
    fix: 'Have the driver split it.',
    value: `${sizeBytes}`,
  })

const full = (observations: number): AgentError =>
  new AgentError({
    code: 'outbox_full',
    message: `The outbox holds ${observations} observations, as many as it may: no ingest took any for long.`,
    fix: 'Check that an ingest can be reached, as the agent’s status says, or give the outbox more room.',
    value: `${observations}`,
  })

const exhausted = (device: number): AgentError =>
  new AgentError({
    code: 'sequences_exhausted',
    message: `Device ${device} has used all sequence numbers below 2^32.`,
    fix: 'Rotate the device to a new index.',
    value: `${device}`,
  })

const writeFailed = (path: string, cause: unknown): AgentError =>
  new AgentError({
    code: 'outbox_write_failed',
    message: `The outbox ${path} can not be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
    fix: 'Free disk space or mend the disk, then start the agent again: what it said is kept is still there.',
    cause,
  })

const closedError = (): AgentError =>
  new AgentError({
    code: 'outbox_closed',
    message: 'The outbox is closed.',
    fix: 'Stop the driver before the agent.',
  })
