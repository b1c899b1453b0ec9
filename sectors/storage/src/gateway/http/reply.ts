import { type Xml, xmlDocument } from '../xml/write-xml.ts'

/** What a request is answered with. */
export interface Reply {
  readonly status: number
  /** Values hold one byte in a char; those that are undefined are left out. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body?: string | AsyncIterable<Uint8Array> | undefined
}

/** 200 with a document of S3's namespace. */
export function xmlReply(
  name: string,
  content: readonly Xml[] | string,
  headers: Reply['headers'] = {},
): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', ...headers },
    body: xmlDocument(name, content),
  }
}

/** A reply without a body. */
export function emptyReply(status: number, headers: Reply['headers'] = {}): Reply {
  return { status, headers }
}
