import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BaseError } from '@cairn/protocol'
import { isMissing, writeAtomic } from '../files/write-atomic.ts'

/** Objects under ids that determine their content: 32 bytes in lower-case hex. */
export interface ObjectStore {
  /** Durable when it resolves. Putting what is there already does nothing. */
  put(id: string, bytes: Uint8Array): Promise<void>
  /** undefined when it is not there, or is there and fails the store's check. */
  get(id: string): Promise<Uint8Array | undefined>
  has(id: string): Promise<boolean>
  delete(id: string): Promise<void>
  /** All ids, in no promised order. */
  list(): AsyncIterable<string>
}

/** An id that is not 32 bytes of lower-case hex. */
export class ObjectIdError extends BaseError {
  override readonly name = 'ObjectIdError'

  constructor(id: unknown) {
    super({
      code: 'malformed_object_id',
      message: `The object id is ${JSON.stringify(id)}. It has to be 0x and 64 lower-case hexadecimal digits.`,
      field: 'id',
      value: String(id).slice(0, 80),
      fix: 'Pass the segment id or hash exactly as it was derived.',
    })
  }
}

const idForm = /^0x[0-9a-f]{64}$/

/**
 * An object store in a folder, two levels deep: `ab/cd/0xabcd…`.
 *
 * @param check says whether bytes are what the id names; a file that was damaged on disk then reads as absent, and
 *   can be put again
 */
export function fileObjectStore(
  folder: string,
  check: (id: string, bytes: Uint8Array) => boolean = () => true,
): ObjectStore {
  const pathOf = (id: string) => {
    if (typeof id !== 'string' || !idForm.test(id)) throw new ObjectIdError(id)
    return join(folder, id.slice(2, 4), id.slice(4, 6), id)
  }
  const get = async (id: string) => {
    try {
      const bytes = await readFile(pathOf(id))
      return check(id, bytes) ? bytes : undefined
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }
  return {
    get,
    async put(id, bytes) {
      if ((await get(id)) === undefined) await writeAtomic(pathOf(id), bytes)
    },
    async has(id) {
      return stat(pathOf(id)).then(
        () => true,
        (error) => {
          if (isMissing(error)) return false
          throw error
        },
      )
    },
    async delete(id) {
      await rm(pathOf(id), { force: true })
    },
    async *list() {
      await mkdir(folder, { recursive: true })
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (entry.isFile() && idForm.test(entry.name)) yield entry.name
      }
    },
  }
}
