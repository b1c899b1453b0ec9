import { S3Error } from '../s3-error.ts'
import { decodeUri } from './uri-text.ts'

/** The decoded parameters of a query in the order they came, names as they were sent. */
export type Query = readonly (readonly [name: string, value: string])[]

const mostParameters = 256

/**
 * Parses a raw query string. A `+` reads as a space, as S3 reads it.
 *
 * @throws S3Error InvalidURI for encodings that are none, InvalidArgument for more than 256 parameters
 */
export function parseQuery(raw: string): Query {
  if (raw === '') return []
  const parts = raw.split('&').filter((part) => part !== '')
  if (parts.length > mostParameters)
    throw new S3Error(
      'InvalidArgument',
      `The query has ${parts.length} parameters; at most ${mostParameters} are read.`,
    )
  return parts.map((part) => {
    const at = part.indexOf('=')
    const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)]
    return [decodeUri(name.replaceAll('+', ' ')), decodeUri(value.replaceAll('+', ' '))]
  })
}

/** The first value of a parameter; undefined when the query does not have it. */
export function queryValue(query: Query, name: string): string | undefined {
  return query.find(([candidate]) => candidate === name)?.[1]
}
