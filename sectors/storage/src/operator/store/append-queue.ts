import type { FileHandle } from 'node:fs/promises'
import { encodeRecord, type RecordMeta } from './record.ts'
import type { RowIndex } from './row-index.ts'
import { noRoom, StoreError } from './store-error.ts'
import { recordBytesOf, type Volumes } from './volumes.ts'

/** A record that waits to be durable. */
interface Waiting {
  readonly meta: RecordMeta
  readonly bytes: readonly Uint8Array[]
  readonly metaBytes: number
  readonly dataBytes: number
  /** Asked when its turn comes: whether it is wanted still. */
  readonly isWanted: (() => boolean) | undefined
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Writes records at the end of the last volume: whoever waits while the disk is busy shares the next turn and its one fdatasync. */
export interface AppendQueue {
  /** Resolves when the record is durable and in the index. @throws StoreError `disk_full`, `store_closed`; whatever else the disk says */
  append(meta: RecordMeta, data?: Uint8Array, isWanted?: () => boolean): Promise<void>
  /** The volume that is written to; undefined before the first record. */
  active(): number | undefined
  /** Bytes that wait. */
  waitingBytes(): number
  /** Waits for what was appended, and takes no more. */
  close(): Promise<void>
}

/** What a queue writes to. */
export interface AppendQueueOptions {
  readonly volumes: Volumes
  readonly index: RowIndex
  /** The volume to go on with, and where it ends. */
  readonly last: { readonly volume: number; readonly endsAt: number } | undefined
  /** A volume is left when it is as large. */
  readonly volumeBytes: number
  /** Of one turn. */
  readonly groupBytes: number
}

/** A queue with nothing in it. */
export function createAppendQueue({
  volumes,
  index,
  last,
  volumeBytes,
  groupBytes,
}: AppendQueueOptions): AppendQueue {
  const waiting: Waiting[] = []
  let waitingBytes = 0
  let running: Promise<void> | undefined
  let isClosed = false
  let active = last

  const fileOf = async (): Promise<FileHandle> => {
    if (active !== undefined && active.endsAt < volumeBytes) return volumes.handle(active.volume)
    const volume = (active?.volume ?? 0) + 1
    const file = await volumes.create(volume)
    index.addVolume(volume)
    active = { volume, endsAt: 0 }
    return file
  }

  const write = async (group: readonly Waiting[]): Promise<void> => {
    const file = await fileOf()
    const { volume, endsAt } = active!
    try {
      const written = await writeAll(
        file,
        group.flatMap(({ bytes }) => bytes),
        endsAt,
      )
      await file.datasync()
      active = { volume, endsAt: endsAt + written }
    } catch (error) {
      // What is behind the end is none of anybody's: the next turn writes over it, and a start cuts it off.
      await file.truncate(endsAt).catch(() => {})
      throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? noRoom('disk_full', error) : error
    }
    index.transaction(() => {
      let offset = endsAt
      for (const { meta, metaBytes, dataBytes } of group) {
        index.apply(volume, { meta, offset, metaBytes, dataBytes })
        offset += recordBytesOf({ metaBytes, dataBytes })
      }
    })
  }

  const turn = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = takeGroup()
      try {
        const wanted = group.filter(({ isWanted }) => isWanted?.() ?? true)
        if (wanted.length > 0) await write(wanted)
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    running = undefined
  }

  const takeGroup = (): readonly Waiting[] => {
    let bytes = 0
    let count = 0
    while (count < waiting.length && (count === 0 || bytes < groupBytes))
      bytes += recordBytesOf(waiting[count++]!)
    waitingBytes -= bytes
    return waiting.splice(0, count)
  }

  return {
    append: (meta, data, isWanted) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(closed())
        const dataBytes = data?.length ?? 0
        const head = encodeRecord(meta, dataBytes)
        const entry = {
          meta,
          bytes: data === undefined ? [head] : [head, data],
          metaBytes: head.length - 20,
          dataBytes,
          isWanted,
          resolve,
          reject,
        }
        waiting.push(entry)
        waitingBytes += recordBytesOf(entry)
        running ??= Promise.resolve().then(turn)
      }),
    active: () => active?.volume,
    waitingBytes: () => waitingBytes,
    async close() {
      isClosed = true
      await running
    },
  }
}

/** Writes all of it, in as many calls as it takes; returns how many bytes. */
async function writeAll(file: FileHandle, parts: readonly Uint8Array[], offset: number): Promise<number> {
  const whole = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  let done = 0
  while (done < whole.length) {
    const { bytesWritten } = await file.write(whole, done, whole.length - done, offset + done)
    done += bytesWritten
  }
  return done
}

const closed = (): StoreError =>
  new StoreError({
    code: 'store_closed',
    message: 'The row store is closed.',
    fix: 'Ask again when the operator runs again.',
  })
