import { setTimeout as wait } from 'node:timers/promises'
import { BaseError } from '@cairn/protocol'
import { encodeUri } from '../http/uri-text.ts'
import { readAccessKeys } from '../key-files.ts'
import { signRequest } from '../signature/sign-request.ts'
import { childrenOf, childText, parseXml, type XmlTree } from '../xml/parse-xml.ts'

/** A gateway does not publish what it was told to; codes `malformed_endpoint`, `malformed_object_name`, `gateway_unreachable`, `gateway_refused`. */
export class PublisherError extends BaseError {
  override readonly name = 'PublisherError'
}

/** A version of an object that everybody may read. */
export interface Published {
  /** `s3://bucket/key`. */
  readonly name: string
  readonly version: string
  readonly sizeBytes: number
  readonly cid: string
  /** Unix ms. */
  readonly publishedMs: number
}

/** Tells a gateway that runs what of its customer's everybody may read. */
export interface Publisher {
  /** Resolves when it can be read, which for a large object takes as long as reading it. */
  publish(name: string, version?: string): Promise<Published>
  unpublish(name: string, version?: string): Promise<void>
  /** Everything that is public. */
  list(): AsyncIterable<Published>
}

/** Which gateway, and who asks. */
export interface PublisherOptions {
  /** URL of the gateway. */
  readonly endpoint: string
  /** Its file of access keys, of which the first is used. */
  readonly accessKeyFile: string
  readonly now: () => number
  readonly signal: AbortSignal
}

/** Between two questions whether a large object is public yet. */
const againMs = 1_000

/** Makes a publisher, which speaks to nobody yet. @throws KeyFileError, PublisherError */
export async function createPublisher({
  endpoint,
  accessKeyFile,
  now,
  signal,
}: PublisherOptions): Promise<Publisher> {
  if (!URL.canParse(endpoint)) throw malformedEndpoint(endpoint)
  const { accessKeys } = await readAccessKeys(accessKeyFile, undefined)
  const [accessKeyId, secretAccessKey] = [...accessKeys][0]!
  const send = async (method: string, target: string) => {
    const url = new URL(target, endpoint)
    const headers = signRequest({ method, url, accessKeyId, secretAccessKey, nowMs: now() })
    const answer = await fetch(url, { method, headers, signal }).catch((cause) => {
      throw signal.aborted ? cause : unreachable(endpoint, cause)
    })
    const bytes = new Uint8Array(await answer.arrayBuffer())
    if (!answer.ok) throw refused(target, answer.status, bytes)
    return { status: answer.status, bytes }
  }
  return publisherOf(send, (ms) => wait(ms, undefined, { signal }))
}

type Send = (
  method: string,
  target: string,
) => Promise<{ readonly status: number; readonly bytes: Uint8Array }>

function publisherOf(send: Send, pause: (ms: number) => Promise<unknown>): Publisher {
  return {
    async publish(name, version) {
      for (;;) {
        const { status, bytes } = await send('PUT', targetOf(name, version))
        if (status !== 202) return toPublished(parseXml(bytes, 'Publication'))
        await pause(againMs)
      }
    },
    async unpublish(name, version) {
      await send('DELETE', targetOf(name, version))
    },
    async *list() {
      for (let marker: string | undefined = '0'; marker !== undefined; ) {
        const { bytes } = await send('GET', `/?publications=&marker=${marker}`)
        const page = parseXml(bytes, 'ListPublicationsResult')
        yield* childrenOf(page, 'Publication').map(toPublished)
        marker = childText(page, 'NextMarker')
      }
    },
  }
}

/** `s3://bucket/key` as the path and query that its publication is at. */
function targetOf(name: string, version: string | undefined): string {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(name) ?? []
  if (bucket === undefined || key === undefined)
    throw new PublisherError({
      code: 'malformed_object_name',
      message: `${JSON.stringify(name)} names no object.`,
      fix: 'Write s3://<bucket>/<key>.',
      field: 'name',
      value: name,
    })
  // A dot alone between slashes would be resolved away by every URL parser, also encoded.
  if (key.split('/').some((part) => part === '.' || part === '..'))
    throw new PublisherError({
      code: 'malformed_object_name',
      message: `${JSON.stringify(name)} has a part that is . or .., which URLs do not keep.`,
      fix: 'Copy the object to another key and publish that.',
      field: 'name',
      value: name,
    })
  const query = version === undefined ? '' : `&versionId=${encodeUri(version)}`
  return `/${encodeUri(bucket)}/${encodeUri(key, true)}?publication=${query}`
}

function toPublished(tree: XmlTree): Published {
  const text = (name: string) => childText(tree, name) ?? ''
  return {
    name: `s3://${text('Bucket')}/${text('Key')}`,
    version: text('VersionId'),
    sizeBytes: Number(text('Size')),
    cid: text('CID'),
    publishedMs: Date.parse(text('PublishedAt')),
  }
}

function malformedEndpoint(endpoint: string): PublisherError {
  return new PublisherError({
    code: 'malformed_endpoint',
    message: `${JSON.stringify(endpoint)} is no URL of a gateway.`,
    fix: 'Write one like http://127.0.0.1:9000.',
    field: 'endpoint',
    value: endpoint,
  })
}

function unreachable(endpoint: string, cause: unknown): PublisherError {
  return new PublisherError({
    code: 'gateway_unreachable',
    message: `No gateway answers at ${endpoint}.`,
    fix: 'Start it with cairn storage gateway, or name its URL with --endpoint.',
    field: 'endpoint',
    value: endpoint,
    cause,
  })
}

function refused(target: string, status: number, bytes: Uint8Array): PublisherError {
  const text = Buffer.from(bytes).toString()
  const [, code = `status ${status}`] = /<Code>(\w+)<\/Code>/.exec(text) ?? []
  const [, said = ''] = /<Message>([^<]*)<\/Message>/.exec(text) ?? []
  return new PublisherError({
    code: 'gateway_refused',
    message: `The gateway answers ${code}. ${said}`.trim(),
    fix: 'Check the name of the object and, with --access-key, the key of the gateway.',
    field: 'name',
    value: target,
  })
}
