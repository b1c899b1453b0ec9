import { encodeGroup } from '@cairn/protocol'
import type { Clock } from '@cairn/runtime'
import type { IngestLimits } from '../limits.ts'
import type { GroupRange } from './epoch-index.ts'
import type { LogFile } from './log-file.ts'

/** Writes reports in the order they come, in groups that become durable together. */
export interface GroupWriter {
  /** Queues reports, which take the next indexes. */
  append(reports: readonly Uint8Array[]): void
  /** Resolves when the first `count` reports of the epoch are durable; rejects when the log failed before that. */
  whenDurable(count: number): Promise<void>
  /** Resolves when all that was appended is durable, then closes the file. */
  close(): Promise<void>
}

/** What a {@link GroupWriter} needs. */
export interface GroupWriterOptions {
  readonly epoch: number
  /** Reports that are in the log already. */
  readonly count: number
  readonly file: LogFile
  readonly limits: Pick<IngestLimits, 'groupReports' | 'groupBytes' | 'groupIntervalMs'>
  readonly clock: Clock
  /** Called when a group is durable, before anybody waiting for it goes on. */
  readonly onDurable: (group: GroupRange & { readonly sizeBytes: number }) => void
  /** Called once when the file fails. From then on nothing becomes durable. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Group commit: what arrived while the last group was made durable forms the next one, so groups grow with the load, and
 * with none a report is durable after one write. How much may wait here is bounded by admission, before reports are checked.
 */
export function createGroupWriter(options: GroupWriterOptions): GroupWriter {
  const { epoch, file, limits, clock, onDurable, onFailure } = options
  let queue: Uint8Array[] = []
  let head = 0
  let durable = options.count
  let running: Promise<void> | undefined
  let lastBeganMs = Number.NEGATIVE_INFINITY
  let failure: { readonly error: unknown } | undefined
  let waiting: { readonly count: number; resolve(): void; reject(error: unknown): void }[] = []

  const takeGroup = (): Uint8Array[] => {
    const begin = head
    let sizeBytes = 0
    while (head < queue.length && head - begin < limits.groupReports) {
      sizeBytes += queue[head]!.length
      if (sizeBytes > limits.groupBytes && head > begin) break
      head++
    }
    const group = queue.slice(begin, head)
    if (head === queue.length) {
      queue = []
      head = 0
    }
    return group
  }
  const release = () => {
    const reached = waiting.filter(({ count }) => count <= durable)
    if (reached.length > 0) waiting = waiting.filter(({ count }) => count > durable)
    for (const { resolve } of reached) resolve()
  }
  const run = async () => {
    while (head < queue.length) {
      const earlyMs = lastBeganMs + limits.groupIntervalMs - clock.now()
      if (earlyMs > 0) await clock.sleep(Math.min(earlyMs, limits.groupIntervalMs))
      lastBeganMs = clock.now()
      const reports = takeGroup()
      const record = encodeGroup({ epoch, first: durable, reports })
      await file.append(record)
      const first = durable
      durable += reports.length
      onDurable({ first, count: reports.length, sizeBytes: record.length })
      release()
    }
  }
  const start = () => {
    if (running !== undefined || failure !== undefined) return
    running = run().then(
      () => {
        running = undefined
        if (head < queue.length) start()
      },
      (error) => {
        failure = { error }
        running = undefined
        for (const { reject } of waiting) reject(error)
        waiting = []
        queue = []
        head = 0
        onFailure(error)
      },
    )
  }
  return {
    append(reports) {
      for (const report of reports) queue.push(report)
      start()
    },
    whenDurable(count) {
      if (count <= durable) return Promise.resolve()
      if (failure !== undefined) return Promise.reject(failure.error)
      return new Promise((resolve, reject) => waiting.push({ count, resolve, reject }))
    },
    async close() {
      while (running !== undefined) await running
      await file.close()
    },
  }
}
