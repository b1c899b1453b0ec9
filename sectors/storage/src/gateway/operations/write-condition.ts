import type { WriteCondition } from '../catalogue/catalogue.ts'
import { matchesTag } from '../http/conditions.ts'
import { S3Error } from '../s3-error.ts'

/**
 * The condition of a write: `If-None-Match: *`, so that nothing is overwritten, or `If-Match`, so that only what was seen is.
 *
 * @throws S3Error NotImplemented for an `If-None-Match` of tags, as S3 has it
 */
export function readWriteCondition(headers: Readonly<Record<string, string>>): WriteCondition {
  const [ifMatch, ifNoneMatch] = [headers['if-match'], headers['if-none-match']]
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*')
    throw new S3Error('NotImplemented', 'If-None-Match of a write has to be *.', {
      elements: { Header: 'If-None-Match' },
    })
  return (current) => {
    if (ifNoneMatch !== undefined && current !== undefined) throw failed('If-None-Match')
    if (ifMatch === undefined) return
    if (current === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.')
    if (!matchesTag(ifMatch, current.etag)) throw failed('If-Match')
  }
}

/** A condition that did not hold. */
export function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    elements: { Condition: condition },
  })
}
