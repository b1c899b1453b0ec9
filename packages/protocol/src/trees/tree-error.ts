import { BaseError } from '../errors/base-error.ts'

/**
 * Thrown where a tree is built or asked wrongly. Codes: `leaf_size`, `leaf_order`, `leaf_value`, `no_such_node`,
 * `no_such_run`, `sum_overflow`. A proof that does not hold is no error: the verify functions return false.
 */
export class TreeError extends BaseError {
  override readonly name = 'TreeError'
}
