import { BaseError } from '@cairn/protocol'

/** A journal can not be restored from; codes `nothing_to_restore`, `not_restored`, `not_empty`, `journal_hole`, `journal_forked`, `journal_conflict`. */
export class JournalError extends BaseError {
  override readonly name = 'JournalError'
}
