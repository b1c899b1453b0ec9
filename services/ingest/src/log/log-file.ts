import { constants } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '@cairn/runtime'

/** The end of a log, to be written by one writer. */
export interface LogFile {
  /** Writes a record at the end; it is durable (fdatasync) when this resolves. Not to be called again before. */
  append(record: Uint8Array): Promise<void>
  close(): Promise<void>
}

/**
 * Opens a log for writing at `validBytes`, makes it when it is missing, and cuts off what is behind.
 *
 * After an append that failed nothing is known about the end of the file, so every later one fails too: the log has to
 * be recovered first.
 */
export async function openLogFile(path: string, validBytes: number): Promise<LogFile> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o644)
  let position = validBytes
  let failure: unknown
  try {
    await file.truncate(validBytes)
    await file.sync()
    await syncFolder(dirname(path))
  } catch (error) {
    await file.close()
    throw error
  }
  return {
    async append(record) {
      if (failure !== undefined) throw failure
      try {
        let written = 0
        while (written < record.length) {
          const { bytesWritten } = await file.write(
            record,
            written,
            record.length - written,
            position + written,
          )
          written += bytesWritten
        }
        await file.datasync()
        position += record.length
      } catch (error) {
        failure = error
        throw error
      }
    },
    close: () => file.close(),
  }
}
