import { BaseError } from '@cairn/protocol'

/** What is wrong with a LoRaWAN frame or with what one shall be built from. */
export type LorawanErrorCode =
  | 'FRAME_TOO_LARGE'
  | 'FRAME_LENGTH'
  | 'MAJOR_UNSUPPORTED'
  | 'REJOIN_TYPE_UNKNOWN'
  | 'FOPTS_WITH_PORT_ZERO'
  | 'FIELD_INVALID'

/** The only error of this folder. `field` names the part of the PHYPayload, `fix` what the sender or caller should do. */
export class LorawanError extends BaseError {
  override readonly name = 'LorawanError'
  declare readonly code: LorawanErrorCode
  declare readonly field: string
  declare readonly value: string

  constructor(
    code: LorawanErrorCode,
    detail: { field: string; value: string | number; problem: string; fix: string },
  ) {
    const { field, problem, fix } = detail
    const value = String(detail.value).slice(0, 80)
    super({ code, field, value, message: `LoRaWAN ${field} is ${value}: ${problem}`, fix })
  }
}
