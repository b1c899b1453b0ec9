import { S3Error } from '../s3-error.ts'

/**
 * URI encoding as signatures and `encoding-type=url` have it: every byte of the UTF-8 form but letters, digits and `-._~` becomes
 * `%XX` (Amazon S3, "Create a signed AWS API request", UriEncode).
 *
 * @param keepSlash leave `/` as it is, as in paths
 */
export function encodeUri(text: string, keepSlash = false): string {
  const encoded = encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return keepSlash ? encoded.replaceAll('%2F', '/') : encoded
}

/** Decodes `%XX`. @throws S3Error InvalidURI when a `%` has no two digits after it, or the bytes are not UTF-8 */
export function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new S3Error(
      'InvalidURI',
      'The URI holds a percent sign that encodes no byte, or bytes that are not UTF-8.',
      { cause },
    )
  }
}
