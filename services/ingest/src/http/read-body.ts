import type { IncomingMessage } from 'node:http'
import type { Admission } from '../accept/admission.ts'
import type { Source } from '../accept/source.ts'
import { IngestError } from '../ingest-error.ts'

/** A body, and how many bytes of admission it holds. */
export interface ReadBody {
  readonly bytes: Uint8Array
  readonly heldBytes: number
}

/**
 * Reads a request's body. Bytes are counted as they arrive, so a slow sender holds no more than it sent.
 *
 * @throws IngestError `body_too_large`, `overloaded`, `body_timeout` for a connection that ended in the middle; admission is
 *   given back then
 */
export async function readBody(
  incoming: IncomingMessage,
  source: Source,
  { admission, most }: { readonly admission: Admission; readonly most: number },
): Promise<ReadBody> {
  const declared = Number(incoming.headers['content-length'] ?? 0)
  if (declared > most) throw tooLarge(most)
  const chunks: Uint8Array[] = []
  let heldBytes = 0
  try {
    for await (const chunk of incoming) {
      const { length } = chunk as Buffer
      if (heldBytes + length > most) throw tooLarge(most)
      admission.take(source, length)
      heldBytes += length
      chunks.push(chunk as Buffer)
    }
  } catch (error) {
    admission.release(source, heldBytes)
    if (error instanceof IngestError) throw error
    throw new IngestError(
      'body_timeout',
      'The connection ended, or its time was over, before the body was whole.',
      'Send the request again; send fewer reports at once where the connection is slow.',
      error,
    )
  }
  const joined = Buffer.concat(chunks, heldBytes)
  return { bytes: new Uint8Array(joined.buffer, joined.byteOffset, joined.length), heldBytes }
}

const tooLarge = (most: number): IngestError =>
  new IngestError(
    'body_too_large',
    `The body has more than ${most} bytes.`,
    'Send the reports in several requests.',
  )
