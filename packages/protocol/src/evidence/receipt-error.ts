import { BaseError } from '../errors/base-error.ts'
import { describeValue } from '../errors/describe-value.ts'

/** Thrown for what is not a receipt or group commit. Code: `malformed_receipt`; `field` is a path such as `group.first`. */
export class ReceiptError extends BaseError {
  override readonly name = 'ReceiptError'

  constructor(field: string, value: unknown, expected: string, cause?: unknown) {
    super({
      code: 'malformed_receipt',
      message: `The receipt's ${field} is ${describeValue(value)}; expected ${expected}.`,
      fix: 'Keep receipts as the ingest sent them. If it came so from the ingest, use another one and keep this answer.',
      field,
      value: describeValue(value),
      cause,
    })
  }
}
