import { join } from 'node:path'
import type { Driver, DriverOptions, DriverStatus, EmitObservation, NetworkId } from '@cairn/protocol'
import { type Clock, type FolderLock, type Logger, lockFolder } from '@cairn/runtime'
import { AgentError } from './agent-error.ts'
import { createDeadLetters, type DeadLetters } from './dead-letters.ts'
import { createDelivery, type Delivery, type IngestEndpoint, type IngestStatus } from './delivery.ts'
import type { AgentDevice } from './devices/device-keystore.ts'
import type { Fetch } from './ingest/bounded-fetch.ts'
import { createIngestClient } from './ingest/ingest-client.ts'
import { createNetworkClock, type NetworkClock } from './ingest/network-clock.ts'
import type { RecoverSigner } from './ingest/receipt-check.ts'
import { type Outbox, type OutboxOptions, openOutbox } from './outbox/outbox.ts'
import { createReceiptForwarder, type ReceiptForwarder } from './receipt-forwarder.ts'
import { createReceiptStore, type ReceiptStore } from './receipt-store.ts'
import { createReportBuilder, type ReportBuilder } from './report-builder.ts'
import { epochAt, type Timeline } from './timeline.ts'

/** What an agent needs. */
export interface AgentOptions {
  readonly network: NetworkId
  readonly timeline: Timeline
  readonly devices: readonly AgentDevice[]
  /** The sector's driver, given how to emit. Without one, `emit` is the only way in. */
  readonly driver?: (host: Omit<DriverOptions, 'settings'>) => Driver
  /** In the order of preference, at least one. */
  readonly ingests: readonly IngestEndpoint[]
  /** URLs of watchers that are given the receipts. */
  readonly watchers?: readonly string[]
  /** One agent at a time. */
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Logger
  readonly fetch: Fetch
  /** In [0, 1), for jitter. */
  readonly random: () => number
  readonly recoverSigner?: RecoverSigner
  /** How long an observation waits for others, ms. Default 10 000. */
  readonly reportIntervalMs?: number
  /** Observations that make a report at once. Default 64. */
  readonly batchObservations?: number
  /** How long before the open epoch's start an observation may have been made, ms. Default 60 000. */
  readonly keepForMs?: number
  /** Epochs of which receipts are kept. Default 1000. */
  readonly receiptEpochs?: number
  /** Between looks at what is to do, ms. Default 500. */
  readonly tickMs?: number
  readonly outbox?: Omit<OutboxOptions, 'path'>
}

export interface AgentStatus {
  readonly network: NetworkId
  /** The open epoch; undefined before genesis. */
  readonly epoch: number | undefined
  /** How far the agent's own clock is behind the ingests', ms. */
  readonly clockOffsetMs: number
  readonly devices: readonly { readonly name: string; readonly index: number }[]
  readonly outbox: {
    readonly observations: number
    readonly sizeBytes: number
    readonly fileBytes: number
    readonly reports: number
  }
  readonly ingests: readonly IngestStatus[]
  readonly watchers: ReturnType<ReceiptForwarder['status']>
  /** Observations given up since the start, by code. */
  readonly deadLetters: Readonly<Record<string, number>>
  readonly driver: DriverStatus | undefined
}

/** Hosts devices: keeps what their hardware observes, signs it, and brings it to ingests. */
export interface Agent {
  /** Recovers what is on disk, then listens to hardware. @throws AgentError `corrupt_outbox`; FolderInUseError when another agent runs on its folder */
  start(): Promise<void>
  /** Takes nothing more, and closes what is open. What is not delivered is delivered after the next start. */
  stop(): Promise<void>
  /** For hardware without a driver. @throws AgentError `unknown_device`, `outbox_full`, `oversized_observation`, `outbox_closed` */
  readonly emit: EmitObservation
  /** Does once what a running agent does every tick. For tests and for tools. */
  tick(): Promise<void>
  status(): AgentStatus
  /** Rejects when the outbox can not be written; resolves when the agent is stopped. */
  readonly done: Promise<void>
}

const clockIntervalMs = 60_000
const lateMs = 2_000
const maxAttempts = 6

interface Parts {
  readonly lock: FolderLock
  readonly outbox: Outbox
  readonly builder: ReportBuilder
  readonly delivery: Delivery
  readonly forwarder: ReceiptForwarder
  readonly receipts: ReceiptStore
  readonly deadLetters: DeadLetters
}

/** @throws AgentError `wrong_option` */
export function createAgent(options: AgentOptions): Agent {
  const { timeline, clock, log } = options
  checkOptions(options)
  const networkClock = createNetworkClock(clock.now)
  const byName = new Map(options.devices.map((device) => [device.name, device]))
  const { promise: done, resolve, reject } = Promise.withResolvers<void>()
  done.catch(() => {})
  const stopping = new AbortController()
  let parts: Parts | undefined
  let running: Promise<unknown> = Promise.resolve()
  let clockReadAtMs = Number.NEGATIVE_INFINITY
  let cleanedEpoch: number | undefined

  const emit: EmitObservation = async (name, bytes, receivedMs) => {
    const device = byName.get(name)
    if (device === undefined) throw unknownDevice(name, [...byName.keys()])
    if (parts === undefined) throw notRunning()
    await parts.outbox.keep({ device: device.index, receivedMs, bytes })
  }
  const driver = options.driver?.({ emit, now: networkClock.now })

  const report = async (): Promise<void> => {
    if (parts === undefined) throw notRunning()
    const { builder, delivery, receipts } = parts
    if (clock.now() - clockReadAtMs >= clockIntervalMs) {
      clockReadAtMs = clock.now()
      await delivery.syncClock(stopping.signal)
    }
    await builder.build(networkClock.now())
    await delivery.round(stopping.signal)
    const epoch = epochAt(timeline, networkClock.now())
    if (epoch !== undefined && epoch !== cleanedEpoch) {
      cleanedEpoch = epoch
      await receipts.removeBefore(epoch - (options.receiptEpochs ?? 1000))
    }
  }
  const forward = async (): Promise<void> => parts?.forwarder.round(stopping.signal)
  // One at a time: two at once would offer the same reports, or give the same receipts, twice.
  const reporting = oneAtATime(report)
  const forwarding = oneAtATime(forward)
  const repeat = async (work: () => Promise<void>): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await work()
      } catch (error) {
        if (stopping.signal.aborted) return
        log.error({ err: error }, 'the agent could not do its work')
        // Nothing can be kept any more, so nothing may be promised any more.
        if (error instanceof AgentError && error.code === 'outbox_write_failed') return reject(error)
      }
      await clock.sleep(options.tickMs ?? 500, stopping.signal).catch(() => {})
    }
  }

  return {
    emit,
    async tick() {
      await reporting()
      await forwarding()
    },
    done,
    async start() {
      const lock = await lockFolder(folderOf(options))
      try {
        parts = { lock, ...(await openParts(options, networkClock)) }
        await driver?.start()
      } catch (error) {
        await parts?.outbox.close()
        await lock.release()
        parts = undefined
        throw error
      }
      // Apart from each other: a watcher that takes its time must not keep reports from their epoch.
      running = Promise.all([repeat(reporting), repeat(forwarding)])
    },
    async stop() {
      await driver?.stop()
      stopping.abort(new Error('The agent is stopping.'))
      await running
      await parts?.outbox.close()
      await parts?.lock.release()
      resolve()
    },
    status: () => statusOf(options, networkClock, parts, driver),
  }
}

function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return () => {
    last = last.catch(() => {}).then(work)
    return last
  }
}

const folderOf = ({ dataDir, network }: AgentOptions): string => join(dataDir, network)

async function openParts(options: AgentOptions, clock: NetworkClock): Promise<Omit<Parts, 'lock'>> {
  const { network, timeline, fetch, log, random } = options
  const ownNow = options.clock.now
  const folder = folderOf(options)
  const outbox = await openOutbox({ ...options.outbox, path: join(folder, 'outbox') })
  const receipts = createReceiptStore(join(folder, 'receipts'))
  const deadLetters = createDeadLetters(join(folder, 'dead-letters.jsonl'), clock.now)
  const watchers = options.watchers ?? []
  const forwarder = createReceiptForwarder({ watchers, network, fetch, ownNow, random, log })
  // Whether the last ones reached the watchers is not recorded; getting a receipt twice costs them little.
  if (watchers.length > 0)
    for (const epoch of (await receipts.epochs()).slice(-2))
      forwarder.add((await receipts.read(epoch)).map(({ receipt }) => receipt))
  const builder = createReportBuilder({
    network,
    timeline,
    devices: new Map(options.devices.map((device) => [device.index, device])),
    outbox,
    deadLetters,
    batchObservations: options.batchObservations ?? 64,
    reportIntervalMs: options.reportIntervalMs ?? 10_000,
    flushBeforeEndMs: Math.min(5_000, Math.floor(timeline.epochMs / 10)),
    keepForMs: options.keepForMs ?? 60_000,
    maxAttempts,
  })
  const delivery = createDelivery({
    ingests: options.ingests.map((endpoint) => ({
      endpoint,
      client: createIngestClient({ url: endpoint.url, network, fetch }),
    })),
    outbox,
    receipts,
    deadLetters,
    check: { network, recoverSigner: options.recoverSigner },
    clock,
    ownNow,
    timeline,
    lateMs,
    random,
    log,
    onReceipts: (stored) => forwarder.add(stored.map(({ receipt }) => receipt)),
  })
  return { outbox, builder, delivery, forwarder, receipts, deadLetters }
}

function statusOf(
  { network, timeline, devices }: AgentOptions,
  clock: NetworkClock,
  parts: Parts | undefined,
  driver: Driver | undefined,
): AgentStatus {
  const size = parts?.outbox.size() ?? { observations: 0, sizeBytes: 0, fileBytes: 0 }
  return {
    network,
    epoch: epochAt(timeline, clock.now()),
    clockOffsetMs: clock.offsetMs(),
    devices: devices.map(({ name, index }) => ({ name, index })),
    outbox: { ...size, reports: parts?.outbox.reports().length ?? 0 },
    ingests: parts?.delivery.status() ?? [],
    watchers: parts?.forwarder.status() ?? [],
    deadLetters: parts?.deadLetters.counts() ?? {},
    driver: driver?.status(),
  }
}

function checkOptions({ ingests, devices, timeline, batchObservations = 64 }: AgentOptions): void {
  if (ingests.length === 0)
    throw wrongOption('ingests', 'none', 'at least one, since nobody else takes reports')
  if (new Set(devices.map(({ name }) => name)).size !== devices.length)
    throw wrongOption('devices', 'two of one name', 'names that differ')
  if (new Set(devices.map(({ index }) => index)).size !== devices.length)
    throw wrongOption('devices', 'two of one index', 'indexes that differ')
  if (!Number.isInteger(batchObservations) || batchObservations < 1 || batchObservations > 1024)
    throw wrongOption('batchObservations', String(batchObservations), 'an integer from 1 to 1024')
  if (!(timeline.epochMs > 0)) throw wrongOption('timeline.epochMs', String(timeline.epochMs), 'more than 0')
}

const wrongOption = (field: string, value: string, expected: string): AgentError =>
  new AgentError({
    code: 'wrong_option',
    field,
    value,
    message: `The agent's option ${field} is ${value}; expected ${expected}.`,
    fix: 'Correct it where the agent is set up.',
  })

const unknownDevice = (name: string, known: readonly string[]): AgentError =>
  new AgentError({
    code: 'unknown_device',
    field: 'device',
    value: name,
    message: `The agent has no device ${JSON.stringify(name)}; it has ${known.slice(0, 20).join(', ') || 'none'}.`,
    fix: 'Correct the name in the driver’s settings, or add the device to the agent.',
  })

const notRunning = (): AgentError =>
  new AgentError({
    code: 'outbox_closed',
    message: 'The agent is not running, so it can keep nothing.',
    fix: 'Start it first.',
  })
