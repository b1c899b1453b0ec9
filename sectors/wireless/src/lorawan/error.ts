/** What is wrong with a LoRaWAN frame or with what one shall be built from. */
export type LorawanErrorCode =
  | 'FRAME_TOO_LARGE'
  | 'FRAME_LENGTH'
  | 'MAJOR_UNSUPPORTED'
  | 'REJOIN_TYPE_UNKNOWN'
  | 'FOPTS_WITH_PORT_ZERO'
  | 'FIELD_INVALID'

/** The only error of this folder. `field` names the part of the PHYPayload, `fix` what the sender or caller should do. */
export class LorawanError extends Error {
  override readonly name = 'LorawanError'
  readonly code: LorawanErrorCode
  readonly field: string
  readonly value: unknown
  readonly fix: string

  constructor(
    code: LorawanErrorCode,
    detail: { field: string; value: string | number; problem: string; fix: string },
  ) {
    super(`LoRaWAN ${detail.field} is ${String(detail.value).slice(0, 80)}: ${detail.problem} ${detail.fix}`)
    this.code = code
    this.field = detail.field
    this.value = detail.value
    this.fix = detail.fix
  }
}
