import type { ChecksumAlgorithm } from '../checksum/algorithm.ts'
import type { StoredContent } from '../content/content-store.ts'

/** Whether a bucket keeps what is overwritten and deleted. */
export type Versioning = 'Off' | 'Enabled' | 'Suspended'

export interface Bucket {
  readonly name: string
  readonly createdMs: number
  readonly versioning: Versioning
}

/** COMPOSITE: the checksum of the parts' checksums; FULL_OBJECT: of the bytes. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT'

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm
  readonly type: ChecksumType
  /** Base64; a composite has `-<parts>` after it. */
  readonly value: string
}

/** What a client said about an object, to be given back with it. */
export interface Description {
  /** Content-Type and its like, by lower-case name; each char is one byte. */
  readonly headers: Readonly<Record<string, string>>
  /** `x-amz-meta-…` by lower-case name, prefix included; each char is one byte. */
  readonly metadata: Readonly<Record<string, string>>
}

/** What is kept of a version besides its columns. */
export interface VersionRecord extends Description {
  readonly checksum?: Checksum | undefined
  /** How many parts it was uploaded in; undefined when at once. */
  readonly parts?: number | undefined
}

/** One version of one key, or a marker that says it was deleted. */
export interface Version {
  /** Grows with every version of the catalogue. */
  readonly sequence: number
  readonly key: string
  /** `null` for what was written while versioning was not enabled. */
  readonly versionId: string
  readonly isLatest: boolean
  readonly isMarker: boolean
  readonly sizeBytes: number
  /** Without quotes; empty for a marker. */
  readonly etag: string
  readonly modifiedMs: number
  readonly record: VersionRecord
}

/** A version about to be. */
export interface NewVersion {
  readonly sizeBytes: number
  readonly etag: string
  readonly modifiedMs: number
  readonly record: VersionRecord
  /** Its content, in order. */
  readonly pieces: readonly StoredContent[]
}

/** A multipart upload that is not complete. */
export interface Upload {
  readonly id: string
  readonly key: string
  readonly createdMs: number
  readonly record: UploadRecord
}

export interface UploadRecord extends Description {
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType } | undefined
}

/** A part of an upload. */
export interface Part {
  /** 1 to 10 000. */
  readonly number: number
  readonly content: StoredContent
  /** MD5 in hex. */
  readonly etag: string
  readonly modifiedMs: number
  /** Base64, of the upload's algorithm, or the one the part came with. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined
}

/** What a write is conditional on is the object; a deleted key has none. */
export function withoutMarker(version: Version | undefined): Version | undefined {
  return version?.isMarker === true ? undefined : version
}
