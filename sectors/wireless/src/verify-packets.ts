import {
  compareBytes,
  type EpochContext,
  keccak256,
  type PartitionInput,
  type PartitionItem,
  type PartitionResult,
  toHex,
  type Verdict,
} from '@cairn/protocol'
import type { PacketObservation } from './packet-observation.ts'
import type { WirelessParams } from './params.ts'
import { WIRELESS_REASON } from './reasons.ts'

type Item = PartitionItem<PacketObservation>

const FINGERPRINT_BYTES = 16
const MAX_FINGERPRINTS = 64

/** The least SNR at which a LoRa demodulator works, by spreading factor, in tenths of a dB (Semtech SX1276 datasheet, table 13; SF5 from SX1261, table 6-3). */
const SNR_FLOOR_DECI_DB: Readonly<Record<number, number>> = {
  5: -25,
  6: -50,
  7: -75,
  8: -100,
  9: -125,
  10: -150,
  11: -175,
  12: -200,
}

/**
 * Verifies all receptions of the uplinks that share one device address and frame counter: which are plausible, which are repeats, and which of the rest are among the copies that are paid.
 *
 * The carry is the list of fingerprints (first 16 bytes of keccak-256 of the PHYPayload) already paid for, newest last.
 */
export function verifyPackets(
  input: PartitionInput<PacketObservation>,
  context: EpochContext<WirelessParams>,
): PartitionResult {
  const verdicts: Verdict[] = new Array(input.items.length)
  const paidBefore = fingerprintsOf(input.carry)
  const byFrame = new Map<string, { items: number[]; fingerprint: Uint8Array }>()
  for (let i = 0; i < input.items.length; i++) {
    const { observation } = input.items[i]!
    const hash = keccak256(observation.phyPayload)
    const id = toHex(hash)
    const frame = byFrame.get(id) ?? { items: [], fingerprint: hash.slice(0, FINGERPRINT_BYTES) }
    frame.items.push(i)
    byFrame.set(id, frame)
  }
  const paid: Uint8Array[] = []
  for (const [, { items, fingerprint }] of byFrame) {
    const replayed = paidBefore.some((known) => compareBytes(known, fingerprint) === 0)
    const candidates = judgeEach(input.items, items, replayed, context, verdicts)
    draw(input.items, candidates, fingerprint, context, verdicts)
    if (candidates.length > 0) paid.push(fingerprint)
  }
  return { verdicts, carry: joined([...paidBefore, ...paid]) }
}

/** Writes a verdict for every reception that fails on its own, and returns the others. */
function judgeEach(
  all: readonly Item[],
  items: readonly number[],
  replayed: boolean,
  context: EpochContext<WirelessParams>,
  verdicts: Verdict[],
): number[] {
  const heardBy = new Set<number>()
  const candidates: number[] = []
  for (const i of items) {
    const item = all[i]!
    const verdict = implausible(item.observation, context) ?? (replayed ? replay() : undefined)
    if (verdict !== undefined) verdicts[i] = verdict
    else if (heardBy.has(item.device))
      verdicts[i] = {
        reason: WIRELESS_REASON.duplicate,
        measured: `device ${item.device} again`,
        threshold: 'once per uplink and device',
      }
    else {
      heardBy.add(item.device)
      candidates.push(i)
    }
  }
  return candidates
}

/**
 * Accepts at most `maxCopies` of the candidates, drawn by the epoch's beacon: signal strength and time are the gateway's word, and a lottery is the one order that lying about them does not improve.
 */
function draw(
  all: readonly Item[],
  candidates: readonly number[],
  fingerprint: Uint8Array,
  { beacon, params }: EpochContext<WirelessParams>,
  verdicts: Verdict[],
): void {
  const ranked =
    candidates.length <= params.maxCopies ? candidates : byLot(all, candidates, fingerprint, beacon)
  for (let place = 0; place < ranked.length; place++) {
    const i = ranked[place]!
    verdicts[i] =
      place < params.maxCopies
        ? { reason: 0, credit: unitsOf(all[i]!.observation.phyPayload.length, params.unitBytes) }
        : {
            reason: WIRELESS_REASON.tooManyCopies,
            measured: `place ${place + 1} of ${ranked.length}`,
            threshold: `${params.maxCopies} copies`,
          }
  }
}

function byLot(
  all: readonly Item[],
  candidates: readonly number[],
  fingerprint: Uint8Array,
  beacon: Uint8Array,
): number[] {
  const lots = new Map<number, Uint8Array>()
  for (const i of candidates) {
    const ticket = new Uint8Array(beacon.length + FINGERPRINT_BYTES + 4)
    ticket.set(beacon)
    ticket.set(fingerprint, beacon.length)
    new DataView(ticket.buffer).setUint32(beacon.length + FINGERPRINT_BYTES, all[i]!.device)
    lots.set(i, keccak256(ticket))
  }
  return [...candidates].sort((a, b) => compareBytes(lots.get(a)!, lots.get(b)!))
}

/** Units of work: every begun `unitBytes` of the whole PHYPayload, at least one. */
export function unitsOf(lengthBytes: number, unitBytes: number): bigint {
  return BigInt(Math.max(1, Math.ceil(lengthBytes / unitBytes)))
}

function implausible(
  packet: PacketObservation,
  { startMs, endMs, params }: EpochContext<WirelessParams>,
): Verdict | undefined {
  const { frame } = packet
  const isUplink =
    frame.kind === 'joinRequest' ||
    frame.kind === 'rejoinRequest' ||
    (frame.kind === 'data' && frame.direction === 'up')
  if (!isUplink)
    return {
      reason: WIRELESS_REASON.notUplink,
      measured: frame.kind,
      threshold: 'data up, join request or rejoin request',
    }
  const { receivedMs, frequencyHz, rssiDeciDbm, snrDeciDb, spreadingFactor } = packet
  const earliest = startMs - params.receiveToleranceMs
  const latest = endMs + params.receiveToleranceMs
  if (receivedMs < earliest || receivedMs > latest)
    return {
      reason: WIRELESS_REASON.outsideEpoch,
      measured: `${receivedMs} ms`,
      threshold: `${earliest} to ${latest} ms`,
    }
  if (
    !params.frequencyRangesHz.some(([lowest, highest]) => frequencyHz >= lowest && frequencyHz <= highest)
  ) {
    return {
      reason: WIRELESS_REASON.frequency,
      measured: `${frequencyHz} Hz`,
      threshold: params.frequencyRangesHz.map((range) => range.join(' to ')).join(', '),
    }
  }
  if (rssiDeciDbm < params.minRssiDeciDbm || rssiDeciDbm > params.maxRssiDeciDbm) {
    return {
      reason: WIRELESS_REASON.rssi,
      measured: `${rssiDeciDbm} ddBm`,
      threshold: `${params.minRssiDeciDbm} to ${params.maxRssiDeciDbm} ddBm`,
    }
  }
  const floor = SNR_FLOOR_DECI_DB[spreadingFactor]! - params.snrSlackDeciDb
  if (snrDeciDb < floor)
    return {
      reason: WIRELESS_REASON.snr,
      measured: `${snrDeciDb} ddB at SF${spreadingFactor}`,
      threshold: `${floor} ddB`,
    }
  return undefined
}

function replay(): Verdict {
  return {
    reason: WIRELESS_REASON.replayed,
    measured: 'paid in an earlier epoch',
    threshold: 'once per frame',
  }
}

function fingerprintsOf(carry: Uint8Array | undefined): Uint8Array[] {
  if (carry === undefined) return []
  return Array.from({ length: Math.floor(carry.length / FINGERPRINT_BYTES) }, (_, i) =>
    carry.slice(i * FINGERPRINT_BYTES, (i + 1) * FINGERPRINT_BYTES),
  )
}

function joined(fingerprints: readonly Uint8Array[]): Uint8Array | undefined {
  const kept = fingerprints.slice(-MAX_FINGERPRINTS)
  if (kept.length === 0) return undefined
  const bytes = new Uint8Array(kept.length * FINGERPRINT_BYTES)
  kept.forEach((fingerprint, i) => {
    bytes.set(fingerprint, i * FINGERPRINT_BYTES)
  })
  return bytes
}
