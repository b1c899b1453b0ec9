import { createSecretKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing, writeAtomic } from '@cairn/runtime'
import { ContentError } from './content-error.ts'
import { openHeader, sealHeader } from './content-header.ts'

const id = 'root-key-check'

/**
 * Makes sure that a folder is always opened with one root key: a second would write what the first does not read.
 *
 * @throws ContentError code `wrong_root_key`
 */
export async function checkRootKey(
  folder: string,
  rootKey: Uint8Array,
  random: (count: number) => Uint8Array,
): Promise<void> {
  const path = join(folder, `${id}.bin`)
  const key = createSecretKey(rootKey)
  const header = await readFile(path).catch((error) => {
    if (isMissing(error)) return undefined
    throw error
  })
  if (header === undefined)
    return writeAtomic(path, sealHeader(key, id, createSecretKey(new Uint8Array(32)), random(12)))
  try {
    openHeader(key, id, header)
  } catch (cause) {
    throw new ContentError({
      code: 'wrong_root_key',
      message: `The data in ${folder} was written under another root key.`,
      fix: 'Name the file of the right one with --root-key, or another folder with --data.',
      field: 'root-key',
      cause,
    })
  }
}
