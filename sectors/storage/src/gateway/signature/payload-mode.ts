import { S3Error } from '../s3-error.ts'

/** How the body of a request comes, as `x-amz-content-sha256` says. Never taken from Content-Encoding: some clients send chunks without naming them there. */
export type PayloadMode =
  | {
      readonly kind: 'plain' /** Hex; undefined for UNSIGNED-PAYLOAD. */
      readonly sha256: string | undefined
    }
  | { readonly kind: 'chunks'; readonly isSigned: boolean; readonly hasTrailer: boolean }

const digest = /^[0-9a-f]{64}$/

/** @throws S3Error InvalidArgument, or NotImplemented for ECDSA */
export function parsePayloadMode(text: string): PayloadMode {
  switch (text) {
    case 'UNSIGNED-PAYLOAD':
      return { kind: 'plain', sha256: undefined }
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      return { kind: 'chunks', isSigned: true, hasTrailer: false }
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      return { kind: 'chunks', isSigned: true, hasTrailer: true }
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { kind: 'chunks', isSigned: false, hasTrailer: true }
  }
  if (digest.test(text)) return { kind: 'plain', sha256: text }
  if (text.startsWith('STREAMING-AWS4-ECDSA-'))
    throw new S3Error(
      'NotImplemented',
      'Signature Version 4A (ECDSA) is not taken: sign with AWS4-HMAC-SHA256.',
    )
  throw new S3Error(
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING-… mode, or a valid sha256 value.',
    { elements: { ArgumentName: 'x-amz-content-sha256' } },
  )
}
