import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type Clock,
  createRegistry,
  type FolderLock,
  fileObjectStore,
  type Logger,
  lockFolder,
  type Registry,
} from '@cairn/runtime'
import { createAcceptor } from './accept/acceptor.ts'
import { createAdmission } from './accept/admission.ts'
import { createCheckPool } from './accept/check-pool.ts'
import type { ChainPort } from './chain-port.ts'
import { createEpochBook } from './epoch-book.ts'
import { epochAt, epochEndMs, epochStartMs } from './epoch-times.ts'
import type { IngestFault } from './fault.ts'
import type { IngestView } from './http/app.ts'
import { type IngestServer, startServer } from './http/server.ts'
import { unavailable } from './ingest-error.ts'
import { createIngestMetrics } from './ingest-metrics.ts'
import { defaultLimits, type IngestLimits } from './limits.ts'
import { openEpochLog } from './log/epoch-log.ts'
import { createGroupSigner } from './log/group-signer.ts'
import { listEpochs, logPath } from './seal/manifest.ts'
import { createSealer } from './seal/sealer.ts'

/** What an ingest needs. */
export interface IngestOptions {
  readonly chain: ChainPort
  readonly clock: Clock
  readonly log: Logger
  /** The ingest account's secp256k1 key, 32 bytes: it signs group commits. */
  readonly signingKey: Uint8Array
  /** One ingest at a time. Files are under `<dataDir>/<network>`. */
  readonly dataDir: string
  /** Port 0 takes a free one. */
  readonly http: { readonly host: string; readonly port: number }
  readonly limits?: Partial<IngestLimits>
  /** Threads that check reports. Default: one for each processor. */
  readonly threads?: number
  readonly registry?: Registry
  readonly fault?: IngestFault | undefined
}

/** An ingest: takes reports, and seals and serves them. */
export interface Ingest {
  /** Recovers what is on disk, then listens. @throws EvidenceError (`corrupt_log`) when a log is damaged; FolderInUseError when another ingest runs on its folder */
  start(): Promise<{ readonly url: string; readonly port: number }>
  /** Answers what it has, then closes everything. */
  stop(): Promise<void>
  /** Rejects when the log or a checking thread fails; resolves when it is stopped. */
  readonly done: Promise<void>
}

/** How long a stop waits for a transaction that is on its way, in ms; the next start looks after it. */
const stopGraceMs = 5_000

export function createIngest(options: IngestOptions): Ingest {
  const { chain, clock, log, fault } = options
  const limits: IngestLimits = { ...defaultLimits, ...options.limits }
  requireMargin(limits.marginMs, chain.timeline.sealMs)
  const folder = join(options.dataDir, chain.network)
  const registry = options.registry ?? createRegistry('ingest')
  const stopping = new AbortController()
  const { promise: done, resolve, reject } = Promise.withResolvers<void>()
  done.catch(() => {})
  let problem: string | undefined
  let stop: (() => Promise<void>) | undefined

  const onFailure = (error: unknown) => {
    problem ??= error instanceof Error ? error.message : String(error)
    log.error({ err: error }, 'the ingest takes no reports any more: restart it')
    reject(error)
  }

  /** Only for an epoch that will be committed, so that an idle network costs nothing; nor can strangers make it cost. */
  const captureBeacon = (epoch: number) =>
    void chain.captureBeacon?.(epoch).catch((err) => {
      log.debug({ err, epoch }, 'the beacon waits for the commitment')
    })

  const start = async () => {
    const lock = await lockFolder(folder)
    try {
      return await startLocked(lock)
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  const startLocked = async (lock: FolderLock) => {
    const admission = createAdmission(limits)
    const pool = createCheckPool({
      threads: options.threads ?? availableParallelism(),
      checkReports: limits.checkReports,
      cachedKeys: limits.cachedKeys,
      onFailure,
    })
    const metrics = createIngestMetrics(registry, {
      inFlightBytes: () => admission.inFlightBytes,
      waitingJobs: () => pool.waiting,
    })
    const sign = createGroupSigner(options.signingKey, chain.domain)
    const open = async (epoch: number) => {
      const opened = await openEpochLog({
        path: logPath(folder, epoch),
        epoch,
        limits,
        clock,
        network: chain.network,
        sign,
        fault,
        onFailure,
        onDurable: ({ first, count, sizeBytes }) => {
          metrics.group(count, sizeBytes)
          if (first === 0) captureBeacon(epoch)
        },
      })
      const { index, tornBytes } = opened
      if (index.count + tornBytes > 0) log.info({ epoch, count: index.count, tornBytes }, 'recovered a log')
      return opened
    }
    const sealed = (await listEpochs(folder)).filter(({ isSealed }) => isSealed).map(({ epoch }) => epoch)
    const book = createEpochBook({ chain, marginMs: limits.marginMs, open, sealed })
    const segments = fileObjectStore(join(folder, 'segments'))
    const sealer = createSealer({ chain, book, clock, log, limits, folder, segments, fault })
    const acceptor = createAcceptor({ chain, book, pool, clock, limits })
    const view: Omit<IngestView, 'sourceOf'> = {
      network: chain.network,
      admission,
      limits,
      acceptor: {
        async accept(reports, source) {
          if (problem !== undefined) throw unavailable(problem)
          const answers = await acceptor.accept(reports, source)
          metrics.answered(answers)
          return answers
        },
      },
      clock: () => readClock(chain, clock.now(), limits.marginMs),
      commitment: sealer.commitment,
      segment: sealer.segment,
      problem: () => problem,
      metrics: () => registry.metrics(),
      onError: (error) => log.error({ err: error }, 'a request failed'),
    }
    let server: IngestServer | undefined
    try {
      await sealer.recover()
      server = await startServer(view, options.http)
    } catch (error) {
      await pool.stop()
      throw error
    }
    const sealing = runSealer(sealer.step, { clock, everyMs: limits.sealPollMs, signal: stopping.signal })
    const { port } = server
    stop = async () => {
      stopping.abort(new Error('The ingest is stopping.'))
      await server.stop()
      await pool.stop()
      await sealing
      for (const { writer } of book.logs) await writer.close()
      await lock.release()
      resolve()
    }
    const url = `http://${options.http.host}:${port}`
    log.info({ url, network: chain.network }, 'taking reports')
    return { url, port }
  }

  return {
    done,
    start,
    async stop() {
      const begun = stop
      stop = undefined
      await begun?.()
    },
  }
}

/** Steps do not wait for one another: a commitment that waits for its block must not keep the next epoch from being sealed. */
async function runSealer(
  step: () => Promise<void>,
  { clock, everyMs, signal }: { clock: Clock; everyMs: number; signal: AbortSignal },
): Promise<void> {
  const running = new Set<Promise<void>>()
  while (!signal.aborted) {
    const begun: Promise<void> = step().finally(() => running.delete(begun))
    running.add(begun)
    await clock.sleep(everyMs, signal).catch(() => {})
  }
  await Promise.race([Promise.all(running), delay(stopGraceMs, undefined, { ref: false })])
}

function readClock({ timeline }: ChainPort, nowMs: number, marginMs: number) {
  const epoch = epochAt(timeline, nowMs)
  const endMs = epochEndMs(timeline, epoch)
  return { nowMs, epoch, startMs: epochStartMs(timeline, epoch), endMs, acceptsUntilMs: endMs + marginMs }
}

function requireMargin(marginMs: number, sealMs: number): void {
  if (marginMs >= 0 && 2 * marginMs <= sealMs) return
  throw new RangeError(
    `marginMs is ${marginMs} and the network's sealing takes ${sealMs} ms. Set it from 0 to half of that, so that there is time to commit.`,
  )
}
