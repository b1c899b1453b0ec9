import type { ObservedBody } from './body/observe-body.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import type { ChecksumAlgorithm } from './checksum/algorithm.ts'
import type { ContentReader } from './content/content-reader.ts'
import type { ContentStore } from './content/content-store.ts'
import type { Query } from './http/parse-query.ts'
import type { Reply } from './http/reply.ts'
import type { Publications } from './ipfs/publications.ts'

/** What operations work on. */
export interface Storage {
  readonly catalogue: Catalogue
  readonly content: ContentStore
  readonly reader: ContentReader
  readonly publications: Publications
  /** Unix ms. */
  readonly now: () => number
  /** Resolves when everything done to the catalogue so far is on the disk; comes before every answer to a write. Contents that nothing has any more are then deleted in the background. */
  readonly settle: () => Promise<void>
}

/** The body of a request: not read, and with `Expect: 100-continue` not even sent, before it is asked for. */
export interface RequestBody {
  /** Its bytes; throws what is wrong with it before the end. */
  stream(options: { readonly mostBytes: number; readonly also?: ChecksumAlgorithm | undefined }): {
    /** Each part holds until the next is asked for. */
    readonly bytes: AsyncIterable<Uint8Array>
    /** After the end of `bytes`. */
    observed(): ObservedBody
  }
  /** All of it, checked, when it is small. */
  read(mostBytes: number): Promise<Uint8Array>
}

/** One request whose signature is right, on its way through an operation. */
export interface Exchange extends Storage {
  readonly method: string
  /** The name in the path or host; empty for the service. Not known to exist. */
  readonly bucket: string
  /** Empty for the bucket. */
  readonly key: string
  readonly query: Query
  /** A presigned URL's `x-amz-…` parameters are among them. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: RequestBody
  readonly accessKeyId: string
}

/** Answers one kind of request. @throws S3Error */
export type Operation = (exchange: Exchange) => Promise<Reply> | Reply
