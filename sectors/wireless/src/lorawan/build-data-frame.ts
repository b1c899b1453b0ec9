import type { BlockCipher } from './block-cipher.ts'
import type { DataFrame } from './frame.ts'
import { cryptFrmPayload } from './frm-payload.ts'
import { type DataIntegrity, deriveDataMic } from './mic.ts'
import { serializeFrame } from './serialize-frame.ts'

/** What a data frame is built from; `payload` is plain. */
export type DataFramePlan = {
  readonly direction: 'up' | 'down'
  readonly confirmed: boolean
  /** Eight hex digits, most significant byte first. */
  readonly devAddr: string
  /** The whole 32-bit counter. */
  readonly fCnt: number
  /** Flags that are set; default none. */
  readonly fCtrl?: Partial<DataFrame['fCtrl']>
  /** MAC commands as they go on air: 1.1 encrypts them beforehand. */
  readonly fOpts?: Uint8Array
  readonly fPort?: number
  readonly payload: Uint8Array
  /** AppSKey, or on port 0 the network's key. */
  readonly payloadKey: Uint8Array
  readonly integrity: DataIntegrity
}

/**
 * Builds an encrypted data frame with its MIC. For simulated devices and for rebuilding recorded traffic under test
 * keys; real devices build their own. Throws `LorawanError` where a field does not fit.
 */
export const buildDataFrame = (cipher: BlockCipher, plan: DataFramePlan): Uint8Array => {
  const { direction, confirmed, devAddr, fCnt, fPort } = plan
  const frame: Omit<DataFrame, 'mic'> = {
    kind: 'data',
    rfu: 0,
    direction,
    confirmed,
    devAddr,
    fCtrl: { adr: false, adrAckReq: false, ack: false, pendingOrClassB: false, ...plan.fCtrl },
    fCnt: fCnt % 0x1_0000,
    fOpts: plan.fOpts ?? new Uint8Array(0),
    ...(fPort === undefined ? {} : { fPort }),
    frmPayload: cryptFrmPayload(cipher, plan.payloadKey, { direction, devAddr }, fCnt, plan.payload),
  }
  return serializeFrame({ ...frame, mic: deriveDataMic(cipher, frame, fCnt, plan.integrity) })
}
