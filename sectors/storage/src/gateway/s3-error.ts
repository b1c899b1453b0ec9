import { BaseError } from '@cairn/protocol'

/** S3's own error codes, as far as this gateway says them (and NoSuchPublication, which S3 has no word for), with the HTTP status of each (Amazon S3 API reference, "Error responses"). */
const statusOf = {
  AccessControlListNotSupported: 400,
  AccessDenied: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidDigest: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedTrailerError: 400,
  MalformedXML: 400,
  MetadataTooLarge: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchBucketPolicy: 404,
  NoSuchCORSConfiguration: 404,
  NoSuchKey: 404,
  NoSuchPublication: 404,
  NoSuchTagSet: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  ObjectLockConfigurationNotFoundError: 404,
  PreconditionFailed: 412,
  RequestHeaderSectionTooLarge: 400,
  RequestTimeout: 400,
  RequestTimeTooSkewed: 403,
  ServerSideEncryptionConfigurationNotFoundError: 404,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  XAmzContentSHA256Mismatch: 400,
} as const

/** The code of an error as S3 clients know it. */
export type S3Code = keyof typeof statusOf

/** More than code and message: elements of the error's XML, and headers of its response. */
interface S3ErrorDetail {
  readonly elements?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly fix?: string
  readonly cause?: unknown
}

/** A request that is answered with one of S3's own error codes. Its message goes to the client, so it holds nothing that the client did not say. */
export class S3Error extends BaseError {
  override readonly name = 'S3Error'
  /** What the client is told. */
  readonly s3Code: S3Code
  readonly status: number
  readonly said: string
  readonly elements: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>

  /** @param said one sentence or two for the client: what was wrong, with the value, and what was expected */
  constructor(code: S3Code, said: string, { elements = {}, headers = {}, fix, cause }: S3ErrorDetail = {}) {
    super({
      code: code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase(),
      message: said,
      fix: fix ?? 'Correct the request and send it again.',
      cause,
    })
    this.s3Code = code
    this.status = statusOf[code]
    this.said = said
    this.elements = elements
    this.headers = headers
  }
}
