import { createHash } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BaseError } from '@cairn/protocol'

/** A folder that this process alone uses. */
export interface FolderLock {
  release(): Promise<void>
}

/** Another process uses the folder; code `folder_in_use`. */
export class FolderInUseError extends BaseError {
  override readonly name = 'FolderInUseError'
}

/**
 * Takes a folder for this process, and makes it when it is missing. Two ingests over one log would sign two truths and lose their bond; two
 * agents would give one sequence number to two reports.
 *
 * A listening socket named after the folder holds it: the system lets go of it with the process, however that ends, so no stale lock is ever in the way.
 *
 * @throws FolderInUseError when another process of this machine has it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true })
  const hash = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
  const server = createServer((socket) => socket.destroy())
  await listen(server, socketNameOf(hash.slice(0, 32))).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause
    throw new FolderInUseError({
      code: 'folder_in_use',
      message: `Another process uses ${folder} already.`,
      fix: 'Stop it, or give this one another folder, and an account or devices of its own: two over the same keys would contradict each other.',
      field: 'folder',
      value: folder,
      cause,
    })
  })
  server.unref()
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Linux's abstract sockets and Windows' pipes are in no folder and end with their process. */
function socketNameOf(hash: string): string {
  if (process.platform === 'linux') return `\0cairn-${hash}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\cairn-${hash}`
  return join(tmpdir(), `cairn-${hash}.sock`)
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
}
