import { type Query, queryValue } from '../http/parse-query.ts'
import { encodeUri } from '../http/uri-text.ts'
import { S3Error } from '../s3-error.ts'

/** What all listings take. */
export interface PageQuery {
  readonly prefix: string
  readonly delimiter: string
  readonly limit: number
  /** Writes a key as the client asked: as it is, or URI-encoded. */
  readonly encode: (key: string) => string
  /** `url`, or undefined. */
  readonly encoding: 'url' | undefined
}

const mostRows = 1000

/** @param limitName max-keys, max-uploads, max-parts @throws S3Error InvalidArgument */
export function readPageQuery(query: Query, limitName: string): PageQuery {
  const encoding = queryValue(query, 'encoding-type')
  if (encoding !== undefined && encoding !== 'url')
    throw invalid('encoding-type', encoding, 'it has to be url')
  return {
    prefix: queryValue(query, 'prefix') ?? '',
    delimiter: queryValue(query, 'delimiter') ?? '',
    limit: readLimit(query, limitName),
    encoding,
    encode: encoding === 'url' ? (key) => encodeUri(key, true) : (key) => key,
  }
}

/** At most a thousand, whatever is asked for. @throws S3Error InvalidArgument */
export function readLimit(query: Query, name: string): number {
  const text = queryValue(query, name)
  if (text === undefined || text === '') return mostRows
  if (!/^\d{1,10}$/.test(text)) throw invalid(name, text, 'it has to be a whole number, not negative')
  return Math.min(Number(text), mostRows)
}

/** A query parameter that can not be used. */
export function invalid(name: string, value: string, why: string): S3Error {
  return new S3Error('InvalidArgument', `The argument ${name} can not be used: ${why}.`, {
    elements: { ArgumentName: name, ArgumentValue: value.slice(0, 256) },
  })
}
