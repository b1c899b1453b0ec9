import { BaseError } from '../errors/base-error.ts'

/**
 * Thrown for a log or segment that can not be read, or written. Codes: `malformed_segment`; `malformed_group`, for
 * reports that do not make a group; `corrupt_log`, for damage before the end of a log. `meta.offset` is in bytes.
 */
export class EvidenceError extends BaseError {
  override readonly name = 'EvidenceError'
  declare readonly code: 'malformed_segment' | 'malformed_group' | 'corrupt_log'
}
