import { BaseError } from '@cairn/protocol'

/** Public data can not be given as it was published; codes `block_damaged`, `publication_changed`. */
export class PublicationError extends BaseError {
  override readonly name = 'PublicationError'
}
