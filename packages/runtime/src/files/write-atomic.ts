import { copyFile, link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from './sync-folder.ts'

/** How {@link writeAtomic} writes. */
export interface WriteAtomicOptions {
  /** Keep what was there before as `<path>.last`, for {@link readLastGood}. Default false. */
  keepLast?: boolean
  /** Permission bits of a new file. Default 0o644; keys take 0o600. */
  mode?: number
}

let counter = 0

/**
 * Replaces a file so that a reader, and a restart after loss of power, finds either all of the old or all of the new:
 * temporary file, fsync, rename, fsync of the folder. Makes the folder when it is missing.
 */
export async function writeAtomic(
  path: string,
  data: Uint8Array | string,
  options: WriteAtomicOptions = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  counter += 1
  const temporary = `${path}.${process.pid}.${counter}.tmp`
  try {
    const file = await open(temporary, 'wx', options.mode ?? 0o644)
    try {
      await file.writeFile(data)
      await file.sync()
    } finally {
      await file.close()
    }
    if (options.keepLast === true) await keepLast(path, `${temporary}.last`)
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** A second name for the old file, so that `path` exists at every moment. */
async function keepLast(path: string, temporary: string): Promise<void> {
  try {
    await link(path, temporary)
  } catch (error) {
    if (isMissing(error)) return
    await copyFile(path, temporary)
  }
  await rename(temporary, `${path}.last`)
}

/** Whether an error of `node:fs` says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
