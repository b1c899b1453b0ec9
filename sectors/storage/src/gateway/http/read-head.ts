import type { IncomingMessage } from 'node:http'
import { S3Error } from '../s3-error.ts'
import type { Incoming } from './incoming.ts'
import { parseQuery } from './parse-query.ts'
import { decodeUri } from './uri-text.ts'

/** Reads what node parsed of a request's head. @throws S3Error InvalidURI, InvalidArgument */
export function readHead({ method = '', url = '', headersDistinct }: IncomingMessage): Incoming {
  const at = url.indexOf('?')
  const rawPath = at < 0 ? url : url.slice(0, at)
  if (!rawPath.startsWith('/')) throw new S3Error('InvalidURI', "Couldn't parse the specified URI.")
  return {
    method,
    path: decodeUri(rawPath),
    query: parseQuery(at < 0 ? '' : url.slice(at + 1)),
    headers: Object.fromEntries(
      Object.entries(headersDistinct).map(([name, values]) => [name, (values ?? []).join(',')]),
    ),
  }
}
