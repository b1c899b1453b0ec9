import { BaseError } from '@cairn/protocol'
import type { Frame } from './lorawan/frame.ts'
import { MAX_PHY_PAYLOAD_BYTES } from './lorawan/frame.ts'
import { parseFrame } from './lorawan/parse-frame.ts'

/**
 * One LoRa packet as one gateway heard it. Bytes, big-endian: kind u8 (1), receivedMs u64, tmst u32, frequencyHz u32, rssiDeciDbm i16, snrDeciDb i16, spreadingFactor u8, bandwidthHz u32, then the PHYPayload (1 to 255 bytes).
 */
export interface PacketObservation {
  /** When the agent got it, Unix ms, by the agent's clock. */
  readonly receivedMs: number
  /** The concentrator's microsecond counter, which wraps. */
  readonly tmst: number
  readonly frequencyHz: number
  readonly rssiDeciDbm: number
  readonly snrDeciDb: number
  /** 7 to 12; 5 and 6 on newer radios. */
  readonly spreadingFactor: number
  readonly bandwidthHz: number
  readonly phyPayload: Uint8Array
  readonly frame: Frame
}

const KIND_PACKET = 1
const HEAD_BYTES = 26

/** An observation that is not a packet; codes `unknown_kind`, `malformed_packet`. */
export class ObservationError extends BaseError {}

export function encodePacket(packet: Omit<PacketObservation, 'frame'>): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + packet.phyPayload.length)
  const view = new DataView(bytes.buffer)
  bytes[0] = KIND_PACKET
  view.setBigUint64(1, BigInt(packet.receivedMs))
  view.setUint32(9, packet.tmst)
  view.setUint32(13, packet.frequencyHz)
  view.setInt16(17, packet.rssiDeciDbm)
  view.setInt16(19, packet.snrDeciDb)
  bytes[21] = packet.spreadingFactor
  view.setUint32(22, packet.bandwidthHz)
  bytes.set(packet.phyPayload, HEAD_BYTES)
  return bytes
}

/** @throws ObservationError */
export function parsePacket(bytes: Uint8Array): PacketObservation {
  if (bytes[0] !== KIND_PACKET)
    throw malformed('unknown_kind', `kind ${bytes[0]}`, `kind ${KIND_PACKET}, a received packet`)
  const length = bytes.length - HEAD_BYTES
  if (length < 1 || length > MAX_PHY_PAYLOAD_BYTES)
    throw malformed('malformed_packet', `${length} bytes of PHYPayload`, `1 to ${MAX_PHY_PAYLOAD_BYTES}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const receivedMs = view.getBigUint64(1)
  if (receivedMs > BigInt(Number.MAX_SAFE_INTEGER))
    throw malformed('malformed_packet', `time ${receivedMs} ms`, 'a time below 2^53 ms')
  const spreadingFactor = view.getUint8(21)
  if (spreadingFactor < 5 || spreadingFactor > 12)
    throw malformed('malformed_packet', `spreading factor ${spreadingFactor}`, '5 to 12')
  const phyPayload = bytes.slice(HEAD_BYTES)
  return {
    receivedMs: Number(receivedMs),
    tmst: view.getUint32(9),
    frequencyHz: view.getUint32(13),
    rssiDeciDbm: view.getInt16(17),
    snrDeciDb: view.getInt16(19),
    spreadingFactor,
    bandwidthHz: view.getUint32(22),
    phyPayload,
    frame: frameOf(phyPayload),
  }
}

function frameOf(phyPayload: Uint8Array): Frame {
  try {
    return parseFrame(phyPayload)
  } catch (cause) {
    throw new ObservationError({
      code: 'malformed_packet',
      message: `The PHYPayload of ${phyPayload.length} bytes is not a LoRaWAN frame: ${(cause as Error).message}`,
      fix: 'Report only packets whose physical CRC was right, as the packet forwarder delivered them.',
      cause,
    })
  }
}

function malformed(code: string, got: string, expected: string): ObservationError {
  return new ObservationError({
    code,
    message: `A packet observation has ${got}; expected ${expected}.`,
    fix: 'Encode observations with the encodePacket of this sector, at the version that the ruleset names.',
  })
}
