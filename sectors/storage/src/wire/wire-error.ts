import { BaseError, describeValue } from '@cairn/protocol'

/**
 * Thrown for bytes that are not of a form of spec 10. Codes: `malformed_descriptor`, `malformed_order`, `malformed_receipt`,
 * `malformed_bundle`, `malformed_listing`, `malformed_body`, `malformed_holding`.
 */
export class WireError extends BaseError {
  override readonly name = 'WireError'
}

/** What is wrong with bytes of one form: a function of the reason, so that each reader says only that. */
export const malformed =
  (form: string, fix: string) =>
  (bytes: unknown, why: string): WireError =>
    new WireError({
      code: `malformed_${form}`,
      message: `${describeValue(bytes)} are no ${form} of spec 10. ${why}`,
      fix,
      field: form,
      value: describeValue(bytes),
    })
