import { BaseError, type BaseErrorParts } from '@cairn/protocol'

/**
 * Thrown when an operator did not do what it was asked. Codes of its own: `operator_unreachable`, `operator_timeout`, `malformed_reply`, `wrong_receipt`,
 * `wrong_slab`. Where the operator answered with an error, `code` is the operator's and `status` its HTTP status.
 */
export class OperatorClientError extends BaseError {
  override readonly name = 'OperatorClientError'
  /** HTTP status; undefined where nothing was answered. */
  readonly status: number | undefined

  constructor({ status, ...parts }: BaseErrorParts & { readonly status?: number | undefined }) {
    super(parts)
    this.status = status
  }
}
