import { LorawanError } from './error.ts'
import { type DataFrame, type Frame, MAX_PHY_PAYLOAD_BYTES, MIC_BYTES, type RejoinRequest } from './frame.ts'
import { readReversedHex } from './hex-field.ts'

const requireLength = (bytes: Uint8Array, kind: string, allowed: readonly number[]): void => {
  if (allowed.includes(bytes.length)) return
  throw new LorawanError('FRAME_LENGTH', {
    field: kind,
    value: `${bytes.length} bytes`,
    problem: `${allowed.join(' or ')} bytes are expected.`,
    fix: 'Discard the frame: it was cut or is not LoRaWAN.',
  })
}

const u16 = (bytes: Uint8Array, offset: number): number => bytes[offset]! | (bytes[offset + 1]! << 8)

/** MHDR 1, DevAddr 4, FCtrl 1, FCnt 2. */
const FHDR_END = 8

const requireRoom = (bytes: Uint8Array, min: number): void => {
  if (bytes.length >= min) return
  throw new LorawanError('FRAME_LENGTH', {
    field: 'data frame',
    value: `${bytes.length} bytes`,
    problem: `at least ${min} bytes are expected.`,
    fix: 'Discard the frame: it was cut or is not LoRaWAN.',
  })
}

const parseData = (bytes: Uint8Array, rfu: number, mType: number): DataFrame => {
  requireRoom(bytes, FHDR_END + MIC_BYTES)
  const control = bytes[5]!
  const optionsEnd = FHDR_END + (control & 0x0f)
  requireRoom(bytes, optionsEnd + MIC_BYTES)
  const micStart = bytes.length - MIC_BYTES
  const fPort = optionsEnd < micStart ? bytes[optionsEnd] : undefined
  // LoRaWAN 1.1 §4.3.1.6: commands stand in one place; a receiver discards the frame otherwise.
  if (fPort === 0 && optionsEnd > FHDR_END)
    throw new LorawanError('FOPTS_WITH_PORT_ZERO', {
      field: 'FPort',
      value: 0,
      problem: `FOpts holds ${optionsEnd - FHDR_END} bytes of MAC commands already.`,
      fix: 'Discard the frame.',
    })
  return {
    kind: 'data',
    rfu,
    direction: mType % 2 === 0 ? 'up' : 'down',
    confirmed: mType >= 4,
    devAddr: readReversedHex(bytes, 1, 4),
    fCtrl: {
      adr: (control & 0x80) !== 0,
      adrAckReq: (control & 0x40) !== 0,
      ack: (control & 0x20) !== 0,
      pendingOrClassB: (control & 0x10) !== 0,
    },
    fCnt: u16(bytes, 6),
    fOpts: bytes.slice(FHDR_END, optionsEnd),
    ...(fPort === undefined ? {} : { fPort }),
    frmPayload: bytes.slice(Math.min(optionsEnd + 1, micStart), micStart),
    mic: bytes.slice(micStart),
  }
}

const parseRejoin = (bytes: Uint8Array, rfu: number): RejoinRequest => {
  const kind = 'rejoinRequest'
  const rejoinType = bytes[1]
  if (rejoinType === 0 || rejoinType === 2) {
    requireLength(bytes, 'rejoin request', [19])
    return {
      kind,
      rfu,
      rejoinType,
      netId: readReversedHex(bytes, 2, 3),
      devEui: readReversedHex(bytes, 5, 8),
      rjCount: u16(bytes, 13),
      mic: bytes.slice(15),
    }
  }
  if (rejoinType === 1) {
    requireLength(bytes, 'rejoin request', [24])
    return {
      kind,
      rfu,
      rejoinType,
      joinEui: readReversedHex(bytes, 2, 8),
      devEui: readReversedHex(bytes, 10, 8),
      rjCount: u16(bytes, 18),
      mic: bytes.slice(20),
    }
  }
  throw new LorawanError('REJOIN_TYPE_UNKNOWN', {
    field: 'rejoin type',
    value: String(rejoinType),
    problem: '0, 1 and 2 are known.',
    fix: 'Discard the frame.',
  })
}

const parseMhdr = (bytes: Uint8Array): { mType: number; rfu: number } => {
  if (bytes.length > MAX_PHY_PAYLOAD_BYTES)
    throw new LorawanError('FRAME_TOO_LARGE', {
      field: 'PHYPayload',
      value: `${bytes.length} bytes`,
      problem: `a radio carries at most ${MAX_PHY_PAYLOAD_BYTES}.`,
      fix: 'Pass one frame at a time.',
    })
  requireRoom(bytes, 1)
  const mhdr = bytes[0]!
  if ((mhdr & 0x03) !== 0)
    throw new LorawanError('MAJOR_UNSUPPORTED', {
      field: 'MHDR.Major',
      value: mhdr & 0x03,
      problem: 'only LoRaWAN R1 (0) is defined.',
      fix: 'Discard the frame.',
    })
  return { mType: mhdr >> 5, rfu: (mhdr >> 2) & 0x07 }
}

/**
 * Parses a PHYPayload of at most 255 bytes. Nothing is decrypted and no MIC is checked: see `verifyDataMic`. Throws
 * `LorawanError`; what it returns re-encodes to the same bytes with `serializeFrame`.
 */
export const parseFrame = (bytes: Uint8Array): Frame => {
  const { mType, rfu } = parseMhdr(bytes)
  switch (mType) {
    case 0:
      requireLength(bytes, 'join request', [23])
      return {
        kind: 'joinRequest',
        rfu,
        joinEui: readReversedHex(bytes, 1, 8),
        devEui: readReversedHex(bytes, 9, 8),
        devNonce: u16(bytes, 17),
        mic: bytes.slice(19),
      }
    case 1:
      requireLength(bytes, 'join accept', [17, 33])
      return { kind: 'joinAccept', rfu, encrypted: bytes.slice(1) }
    case 6:
      return parseRejoin(bytes, rfu)
    case 7:
      return { kind: 'proprietary', rfu, body: bytes.slice(1) }
    default:
      return parseData(bytes, rfu, mType)
  }
}
