import type { StoredContent } from '../content/content-store.ts'
import type { Storage } from '../exchange.ts'

/**
 * Writes content, then enters it in the catalogue, then makes both durable. When entering fails the content goes again; when the process dies between the two, the
 * next start deletes what the catalogue does not know.
 */
export async function storeContent<T>(
  { content, settle }: Storage,
  bytes: AsyncIterable<Uint8Array>,
  enter: (stored: StoredContent) => T,
): Promise<T> {
  const stored = await content.write(bytes)
  let entered: T
  try {
    entered = enter(stored)
  } catch (error) {
    await content.delete(stored.id)
    throw error
  }
  await settle()
  return entered
}
