import { BaseError } from '../errors/base-error.ts'

/** Thrown for a root that the contract could not hold. Code: `root_value`. */
export class RootError extends BaseError {
  override readonly name = 'RootError'
}
