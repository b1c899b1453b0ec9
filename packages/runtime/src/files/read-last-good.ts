import { readFile } from 'node:fs/promises'
import { isMissing } from './write-atomic.ts'

/** What {@link readLastGood} found. */
export interface LastGood<T> {
  value: T
  path: string
  /** Why the newer file was passed over; undefined when the newest was read. */
  passedOver: Error | undefined
}

/**
 * Reads a file written with `keepLast`, and the one before it when the newest does not parse.
 *
 * @param parse throws when the bytes are not what they should be
 * @returns undefined when neither file exists
 * @throws the error of the newest file when no file parses
 */
export async function readLastGood<T>(
  path: string,
  parse: (bytes: Buffer) => T,
): Promise<LastGood<T> | undefined> {
  let passedOver: Error | undefined
  for (const candidate of [path, `${path}.last`]) {
    try {
      return { value: parse(await readFile(candidate)), path: candidate, passedOver }
    } catch (error) {
      if (!isMissing(error)) passedOver ??= error instanceof Error ? error : new Error(String(error))
    }
  }
  if (passedOver !== undefined) throw passedOver
  return undefined
}
