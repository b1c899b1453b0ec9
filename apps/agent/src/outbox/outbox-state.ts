import { parseHeader, type ReportHeader } from '@cairn/protocol'
import type { KeptObservation, KeptReport, OutboxEntry } from './outbox-entry.ts'

/** A report on its way. */
export interface PendingReport extends KeptReport {
  readonly header: ReportHeader
  readonly observations: readonly KeptObservation[]
}

/** What an outbox holds. */
export interface OutboxState {
  /** By id, in the order they came: those that no report carries. */
  readonly waiting: Map<number, KeptObservation>
  /** By {@link reportKey}, in the order they were built. */
  readonly reports: Map<string, PendingReport>
  /** Per device: sequences below it may have been used. */
  readonly reserved: Map<number, number>
  nextId: number
  /** Of observations, waiting and in reports. */
  observationBytes: number
  observationCount: number
}

export const reportKey = ({ device, sequence }: { device: number; sequence: number }): string =>
  `${device}/${sequence}`

export const emptyState = (): OutboxState => ({
  waiting: new Map(),
  reports: new Map(),
  reserved: new Map(),
  nextId: 0,
  observationBytes: 0,
  observationCount: 0,
})

/** Adds one entry. What speaks of something that is not there changes nothing. */
export function applyEntry(state: OutboxState, entry: OutboxEntry): void {
  switch (entry.kind) {
    case 'observation':
      state.waiting.set(entry.observation.id, entry.observation)
      state.nextId = Math.max(state.nextId, entry.observation.id + 1)
      count(state, entry.observation, 1)
      return
    case 'report': {
      const { report } = entry
      const header = parseHeader(report.headerBytes)
      const observations = report.observationIds.flatMap((id) => state.waiting.get(id) ?? [])
      for (const { id } of observations) state.waiting.delete(id)
      state.reports.set(reportKey(header), { ...report, header, observations })
      return
    }
    case 'settled':
    case 'returned': {
      const report = state.reports.get(reportKey(entry))
      if (report === undefined) return
      state.reports.delete(reportKey(entry))
      for (const observation of report.observations) {
        if (entry.kind === 'settled') count(state, observation, -1)
        else
          state.waiting.set(observation.id, {
            ...observation,
            attempt: Math.min(255, observation.attempt + 1),
          })
      }
      return
    }
    case 'dropped': {
      const observation = state.waiting.get(entry.id)
      if (observation !== undefined) count(state, observation, -1)
      state.waiting.delete(entry.id)
      return
    }
    case 'reserved':
      state.reserved.set(entry.device, Math.max(state.reserved.get(entry.device) ?? 0, entry.upTo))
  }
}

/** The fewest entries that add up to the state. */
export function entriesOf(state: OutboxState): OutboxEntry[] {
  const entries: OutboxEntry[] = [...state.reserved].map(([device, upTo]) => ({
    kind: 'reserved',
    device,
    upTo,
  }))
  for (const report of state.reports.values()) {
    for (const observation of report.observations) entries.push({ kind: 'observation', observation })
    entries.push({ kind: 'report', report })
  }
  for (const observation of state.waiting.values()) entries.push({ kind: 'observation', observation })
  return entries
}

function count(state: OutboxState, { bytes }: KeptObservation, sign: 1 | -1): void {
  state.observationBytes += sign * bytes.length
  state.observationCount += sign
}
