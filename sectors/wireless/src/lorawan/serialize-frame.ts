import { LorawanError } from './error.ts'
import { type DataFrame, type Frame, MAX_PHY_PAYLOAD_BYTES, type RejoinRequest } from './frame.ts'
import { concat, littleEndian, reversedHexBytes } from './hex-field.ts'

const MTYPE = { joinRequest: 0, joinAccept: 1, rejoinRequest: 6, proprietary: 7 } as const

const mTypeOf = (frame: Frame): number =>
  frame.kind === 'data'
    ? 2 + (frame.direction === 'up' ? 0 : 1) + (frame.confirmed ? 2 : 0)
    : MTYPE[frame.kind]

const limited = (bytes: Uint8Array, max: number, field: string): Uint8Array => {
  if (bytes.length <= max) return bytes
  throw new LorawanError('FIELD_INVALID', {
    field,
    value: `${bytes.length} bytes`,
    problem: `at most ${max} bytes fit.`,
    fix: 'Send less in one frame.',
  })
}

const dataBody = (frame: DataFrame): Uint8Array => {
  const { fCtrl, fPort } = frame
  if (fPort === undefined && frame.frmPayload.length > 0)
    throw new LorawanError('FIELD_INVALID', {
      field: 'FPort',
      value: 'absent',
      problem: 'a payload needs a port.',
      fix: 'Pass fPort from 0 to 255.',
    })
  const fOpts = limited(frame.fOpts, 15, 'FOpts')
  if (fPort === 0 && fOpts.length > 0)
    throw new LorawanError('FOPTS_WITH_PORT_ZERO', {
      field: 'FPort',
      value: 0,
      problem: `FOpts holds ${fOpts.length} bytes of MAC commands already.`,
      fix: 'Put all MAC commands in one place.',
    })
  const control =
    (fCtrl.adr ? 0x80 : 0) |
    (fCtrl.adrAckReq ? 0x40 : 0) |
    (fCtrl.ack ? 0x20 : 0) |
    (fCtrl.pendingOrClassB ? 0x10 : 0) |
    fOpts.length
  return concat(
    reversedHexBytes(frame.devAddr, 4, 'DevAddr'),
    Uint8Array.of(control),
    littleEndian(frame.fCnt, 2, 'FCnt'),
    fOpts,
    fPort === undefined ? new Uint8Array(0) : littleEndian(fPort, 1, 'FPort'),
    frame.frmPayload,
  )
}

const rejoinBody = (frame: RejoinRequest): Uint8Array =>
  concat(
    Uint8Array.of(frame.rejoinType),
    frame.rejoinType === 1
      ? reversedHexBytes(frame.joinEui, 8, 'JoinEUI')
      : reversedHexBytes(frame.netId, 3, 'NetID'),
    reversedHexBytes(frame.devEui, 8, 'DevEUI'),
    littleEndian(frame.rjCount, 2, 'RJcount'),
  )

const bodyOf = (frame: Frame): Uint8Array => {
  switch (frame.kind) {
    case 'joinRequest':
      return concat(
        reversedHexBytes(frame.joinEui, 8, 'JoinEUI'),
        reversedHexBytes(frame.devEui, 8, 'DevEUI'),
        littleEndian(frame.devNonce, 2, 'DevNonce'),
      )
    case 'joinAccept':
      return frame.encrypted
    case 'data':
      return dataBody(frame)
    case 'rejoinRequest':
      return rejoinBody(frame)
    case 'proprietary':
      return frame.body
  }
}

/** The bytes a MIC is computed over: MHDR and MACPayload. Throws `LorawanError` where a field does not fit its bytes. */
export const serializeWithoutMic = (frame: Frame): Uint8Array =>
  concat(Uint8Array.of((mTypeOf(frame) << 5) | ((frame.rfu & 0x07) << 2)), bodyOf(frame))

/** The PHYPayload of a frame, at most 255 bytes. Throws `LorawanError` where a field does not fit its bytes. */
export const serializeFrame = (frame: Frame): Uint8Array => {
  const mic = 'mic' in frame ? frame.mic : new Uint8Array(0)
  return limited(concat(serializeWithoutMic(frame), mic), MAX_PHY_PAYLOAD_BYTES, 'PHYPayload')
}
