import { BaseError } from '@cairn/protocol'

/** Stored content can not be given back as it was; codes `content_missing`, `content_damaged`, `wrong_root_key`. */
export class ContentError extends BaseError {
  override readonly name = 'ContentError'
}
