import { BaseError, type BaseErrorParts } from '@cairn/protocol'

/** Thrown for a request that is refused: its HTTP status beside code, message and fix. */
export class ServerError extends BaseError {
  override readonly name = 'ServerError'
  readonly status: number

  constructor({ status, ...parts }: BaseErrorParts & { readonly status: number }) {
    super(parts)
    this.status = status
  }
}
