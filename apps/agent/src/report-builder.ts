import { buildReport, type NetworkId, REPORT_LIMITS } from '@cairn/protocol'
import type { DeadLetters } from './dead-letters.ts'
import type { AgentDevice } from './devices/device-keystore.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { KeptObservation } from './outbox/outbox-entry.ts'
import { epochAt, epochStartMs, type Timeline } from './timeline.ts'

export interface ReportBuilderOptions {
  readonly network: NetworkId
  readonly timeline: Timeline
  readonly devices: ReadonlyMap<number, AgentDevice>
  readonly outbox: Outbox
  readonly deadLetters: DeadLetters
  /** Observations that make a report at once. */
  readonly batchObservations: number
  /** How long an observation waits for others, ms. */
  readonly reportIntervalMs: number
  /** How long before an epoch's end everything is reported that waits, ms. */
  readonly flushBeforeEndMs: number
  /** How long before the open epoch's start an observation may have been made and still be worth reporting, ms. */
  readonly keepForMs: number
  /** How often an observation is reported anew before it is set aside. */
  readonly maxAttempts: number
}

/** Reports made at a time. Hashing and signing hold up everything else, and hardware does not wait: a UDP socket keeps only so much. */
const reportsAtOnce = 16

/** Turns waiting observations into signed reports for the open epoch, and sets aside what can not count any more. */
export interface ReportBuilder {
  build(nowMs: number): Promise<void>
}

export function createReportBuilder(options: ReportBuilderOptions): ReportBuilder {
  const { network, timeline, devices, outbox } = options

  /** The report is durable before anybody sees it, and its sequence was taken durably before it was signed. */
  const add = async (
    device: AgentDevice,
    epoch: number,
    nowMs: number,
    chunk: KeptObservation[],
  ): Promise<void> => {
    const sequence = await outbox.takeSequence(device.index, Math.floor(nowMs / 1000) >>> 0)
    const fields = { network, device: device.index, epoch, sequence, timeMs: nowMs }
    const { report } = buildReport(
      fields,
      chunk.map(({ bytes }) => bytes),
      device.signer.sign,
    )
    const { headerBytes, signature } = report
    await outbox.addReport({ headerBytes, signature, observationIds: chunk.map(({ id }) => id) })
  }

  return {
    async build(nowMs) {
      const epoch = epochAt(timeline, nowMs)
      if (epoch === undefined) return
      const waiting = await setAsideHopeless(options, epoch)
      const isFlush = epochStartMs(timeline, epoch + 1) - nowMs <= options.flushBeforeEndMs
      const due: { device: AgentDevice; chunk: KeptObservation[] }[] = []
      for (const [index, observations] of Map.groupBy(waiting, ({ device }) => device)) {
        const device = devices.get(index)
        if (device === undefined) continue
        const isDue =
          isFlush ||
          observations.length >= options.batchObservations ||
          observations.some(
            ({ receivedMs, attempt }) => attempt > 0 || nowMs - receivedMs >= options.reportIntervalMs,
          )
        if (!isDue) continue
        for (const chunk of chunksOf(observations, options.batchObservations)) due.push({ device, chunk })
      }
      for (let i = 0; i < due.length; i += reportsAtOnce) {
        const some = due.slice(i, i + reportsAtOnce)
        await Promise.all(some.map(({ device, chunk }) => add(device, epoch, nowMs, chunk)))
      }
    },
  }
}

/** Moves observations to the dead letters that are too old for the open epoch or came back too often; returns the others. */
async function setAsideHopeless(
  { timeline, outbox, deadLetters, keepForMs, maxAttempts }: ReportBuilderOptions,
  epoch: number,
): Promise<KeptObservation[]> {
  const oldestMs = epochStartMs(timeline, epoch) - keepForMs
  const waiting = outbox.waiting()
  const tooOld = waiting.filter(({ receivedMs }) => receivedMs < oldestMs)
  const tooOften = waiting.filter(
    ({ receivedMs, attempt }) => receivedMs >= oldestMs && attempt >= maxAttempts,
  )
  await deadLetters.add(tooOld, {
    code: 'too_old',
    message: `Epoch ${epoch} is open, and the observation was made more than ${keepForMs} ms before it.`,
    fix: 'See why no ingest took reports in time: the agent’s status names the ingests and their problems.',
  })
  await deadLetters.add(tooOften, {
    code: 'came_back_too_often',
    message: `${maxAttempts} reports with the observation came back from ingests.`,
    fix: 'See the agent’s log for what the ingests say; clocks that disagree are the usual cause.',
  })
  await outbox.dropObservations([...tooOld, ...tooOften])
  return waiting.filter(({ receivedMs, attempt }) => receivedMs >= oldestMs && attempt < maxAttempts)
}

/** Room for the header, the signature and the heads around them. */
const aroundBody = 512
/** The longest head of a byte string in CBOR that an observation can have. */
const headBytes = 3

/** Observations in order, in pieces that fit a report. */
function chunksOf(observations: readonly KeptObservation[], most: number): KeptObservation[][] {
  const chunks: KeptObservation[][] = []
  let sizeBytes = Number.POSITIVE_INFINITY
  for (const observation of observations) {
    const added = observation.bytes.length + headBytes
    const last = chunks.at(-1)
    if (
      last === undefined ||
      last.length >= most ||
      sizeBytes + added > REPORT_LIMITS.reportBytes - aroundBody
    ) {
      chunks.push([observation])
      sizeBytes = added
    } else {
      last.push(observation)
      sizeBytes += added
    }
  }
  return chunks
}
