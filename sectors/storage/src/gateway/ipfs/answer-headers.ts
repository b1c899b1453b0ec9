import { createHash } from 'node:crypto'
import type { Query } from '../http/parse-query.ts'
import { encodeUri } from '../http/uri-text.ts'
import type { IpfsRequest } from './parse-ipfs-request.ts'
import { carType, rawType } from './response-format.ts'

/** 48 weeks, which is what caches take for ever: what a CID names never changes. */
const immutable = 'public, max-age=29030400, immutable'

/** What tells one answer from another, without quotes: everything that changes the bytes is in it. */
export function entityTag({ cid, format, segments, scope, entityBytes, isRepeated }: IpfsRequest): string {
  if (format === 'raw') return `${cid.toString()}.raw`
  const asked = JSON.stringify([
    segments,
    scope,
    entityBytes === undefined ? null : [entityBytes.from, entityBytes.to ?? '*'],
    isRepeated === true,
  ])
  return `${cid.toString()}.car.${createHash('sha256').update(asked).digest('hex').slice(0, 16)}`
}

/** The headers of an answer that has bytes. */
export function answerHeaders(asked: IpfsRequest, query: Query): Readonly<Record<string, string>> {
  const { cid, cidText, format, segments, isInUrl, isRepeated } = asked
  const path = `/ipfs/${[cidText, ...segments.map((segment) => encodeUri(segment))].join('/')}`
  return {
    'content-type':
      format === 'raw'
        ? rawType
        : `${carType}; version=1; order=dfs; dups=${isRepeated === true ? 'y' : 'n'}`,
    'content-disposition': disposition(asked),
    etag: `"${entityTag(asked)}"`,
    'cache-control': immutable,
    vary: 'Accept',
    'x-ipfs-path': path,
    'x-ipfs-roots': cid.toString(),
    ...(isInUrl ? {} : { 'content-location': location(path, asked, query) }),
  }
}

/** The URL that gives the same without an Accept header. */
function location(path: string, { format, isRepeated }: IpfsRequest, query: Query): string {
  const others = query.filter(([name]) => name !== 'format' && !name.startsWith('car-'))
  const own: Query =
    format === 'raw'
      ? [['format', 'raw']]
      : [
          ['format', 'car'],
          ['car-version', '1'],
          ['car-order', 'dfs'],
          ['car-dups', isRepeated === true ? 'y' : 'n'],
        ]
  return `${path}?${[...own, ...others].map(([name, value]) => `${encodeUri(name)}=${encodeUri(value)}`).join('&')}`
}

/** Always an attachment: bytes of strangers are not shown as a page of this origin (RFC 6266). */
function disposition({ cidText, format, filename }: IpfsRequest): string {
  const name =
    filename === undefined || filename === ''
      ? `${cidText}.${format === 'raw' ? 'bin' : 'car'}`
      : filename.slice(0, 255)
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_')
  return plain === name
    ? `attachment; filename="${name}"`
    : `attachment; filename="${plain}"; filename*=UTF-8''${encodeUri(name)}`
}
