import { deriveAesCmac } from './aes-cmac.ts'
import type { BlockCipher } from './block-cipher.ts'
import { type DataFrame, type JoinRequest, MIC_BYTES, type RejoinRequest } from './frame.ts'
import { concat, littleEndian, reversedHexBytes } from './hex-field.ts'
import { serializeWithoutMic } from './serialize-frame.ts'

/**
 * The keys a data frame's integrity rests on. 1.0 has one; 1.1 has two, and binds the MIC to the frame acknowledged
 * and, upwards, to the data rate and channel used (LoRaWAN 1.1 §4.4).
 */
export type DataIntegrity =
  | { readonly version: '1.0'; readonly nwkSKey: Uint8Array }
  | {
      readonly version: '1.1'
      readonly fNwkSIntKey: Uint8Array
      readonly sNwkSIntKey: Uint8Array
      /** Low 16 bits of the counter of the confirmed frame that this one acknowledges; ignored unless ACK is set. */
      readonly confFCnt: number
      /** Index of the uplink's data rate; ignored in downlinks. */
      readonly txDataRate: number
      /** Index of the uplink's channel; ignored in downlinks. */
      readonly txChannel: number
    }

/** 49 | four bytes of context | direction | DevAddr | FCnt32 | 00 | length of the message. */
const leadingBlock = (frame: DataFrame, fCnt32: number, context: Uint8Array, length: number): Uint8Array =>
  concat(
    Uint8Array.of(0x49),
    context,
    Uint8Array.of(frame.direction === 'up' ? 0 : 1),
    reversedHexBytes(frame.devAddr, 4, 'DevAddr'),
    littleEndian(fCnt32, 4, 'FCnt'),
    Uint8Array.of(0, length),
  )

const NO_CONTEXT = new Uint8Array(4)

/**
 * The four bytes of MIC of a data frame. `fCnt32` is the whole frame counter, of which the frame carries the low half.
 * 1.0: LoRaWAN 1.0.4 §4.4; 1.1: LoRaWAN 1.1 §4.4.1 (down) and §4.4.2 (up).
 */
export const deriveDataMic = (
  cipher: BlockCipher,
  frame: Omit<DataFrame, 'mic'>,
  fCnt32: number,
  integrity: DataIntegrity,
): Uint8Array => {
  const whole: DataFrame = { ...frame, mic: new Uint8Array(MIC_BYTES) }
  const message = serializeWithoutMic(whole)
  const cmac = (key: Uint8Array, context: Uint8Array): Uint8Array =>
    deriveAesCmac(cipher, key, concat(leadingBlock(whole, fCnt32, context, message.length), message))
  if (integrity.version === '1.0') return cmac(integrity.nwkSKey, NO_CONTEXT).slice(0, MIC_BYTES)
  const confFCnt = littleEndian(frame.fCtrl.ack ? integrity.confFCnt : 0, 2, 'ConfFCnt')
  if (frame.direction === 'down')
    return cmac(integrity.sNwkSIntKey, concat(confFCnt, new Uint8Array(2))).slice(0, MIC_BYTES)
  const radio = concat(
    littleEndian(integrity.txDataRate, 1, 'TxDr'),
    littleEndian(integrity.txChannel, 1, 'TxCh'),
  )
  return concat(
    cmac(integrity.sNwkSIntKey, concat(confFCnt, radio)).slice(0, 2),
    cmac(integrity.fNwkSIntKey, NO_CONTEXT).slice(0, 2),
  )
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  // The MIC is public; what must stay secret is the key, so time need not be constant here.
  a.length === b.length && a.every((byte, i) => byte === b[i])

/** Whether the frame was made by a holder of the keys, with this counter. */
export const verifyDataMic = (
  cipher: BlockCipher,
  frame: DataFrame,
  fCnt32: number,
  integrity: DataIntegrity,
): boolean => sameBytes(deriveDataMic(cipher, frame, fCnt32, integrity), frame.mic)

/**
 * The MIC of a join or rejoin request: CMAC over all before it. The key is AppKey (1.0) or NwkKey (1.1) for joins,
 * SNwkSIntKey for rejoin types 0 and 2, JSIntKey for type 1 (LoRaWAN 1.1 §6.2.2, §6.2.4).
 */
export const deriveJoinMic = (
  cipher: BlockCipher,
  frame: JoinRequest | RejoinRequest,
  key: Uint8Array,
): Uint8Array => deriveAesCmac(cipher, key, serializeWithoutMic(frame)).slice(0, MIC_BYTES)

/** Whether a join or rejoin request was made by a holder of the key. */
export const verifyJoinMic = (
  cipher: BlockCipher,
  frame: JoinRequest | RejoinRequest,
  key: Uint8Array,
): boolean => sameBytes(deriveJoinMic(cipher, frame, key), frame.mic)
