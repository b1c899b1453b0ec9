import type { AppendQueue } from './append-queue.ts'
import type { RowIndex } from './row-index.ts'
import { readData, readRecord, recordBytesOf, type Volumes } from './volumes.ts'

/** Where a store keeps its rows. */
export interface CollectorOptions {
  readonly volumes: Volumes
  readonly index: RowIndex
  readonly queue: AppendQueue
}

const rowsAtATime = 1_000

/**
 * Lets rows go that nobody needs, and empties volumes of which less than half lives. A row that goes leaves a record which says so, for as long as a volume is
 * there that may have it: the index can be lost at any time, and no row comes back from the dead.
 */
export function createCollector({ volumes, index, queue }: CollectorOptions) {
  const letGo = async (nowSeconds: number): Promise<number> => {
    let count = 0
    for (;;) {
      const rows = index.collectable(nowSeconds, rowsAtATime)
      await Promise.all(
        rows.map(({ slab, row, volume, offset }) =>
          queue.append({ type: 'gone', slab, row, volume, offset }),
        ),
      )
      count += rows.length
      if (rows.length < rowsAtATime) return count
    }
  }

  const moveRows = async (volume: number): Promise<void> => {
    const file = await volumes.handle(volume)
    for (const found of index.rowsIn(volume)) {
      const { slab, row, offset } = found
      const isThere = () => {
        const now = index.find(slab, row)
        return now !== undefined && now.volume === volume && now.offset === offset
      }
      const record = await readRecord(file, offset)
      if (record?.meta.type !== 'row') continue
      const data = await readData(file, record)
      // Checksums go along as they are: what was damaged stays known as damaged.
      await queue.append(record.meta, data, isThere)
      if (found.isReleased) await queue.append({ type: 'release', slab, row })
    }
  }

  /** Marks about rows of other volumes go along as long as they say something. */
  const moveMarks = async (volume: number, endsAt: number): Promise<void> => {
    const file = await volumes.handle(volume)
    const oldest = (await volumes.list()).find((other) => other !== volume) ?? Number.MAX_SAFE_INTEGER
    for (let offset = 0; offset < endsAt; ) {
      const record = await readRecord(file, offset)
      if (record === undefined) return
      offset += recordBytesOf(record)
      const { meta } = record
      const isKept =
        (meta.type === 'gone' && oldest <= meta.volume) ||
        (meta.type === 'release' && index.find(meta.slab, meta.row)?.isReleased === true)
      if (isKept) await queue.append(meta)
    }
  }

  return async (nowSeconds: number): Promise<{ readonly rows: number; readonly volumes: number }> => {
    const rows = await letGo(nowSeconds)
    const sparse = index
      .volumes()
      .filter(({ volume, liveBytes, indexedTo }) => volume !== queue.active() && liveBytes < indexedTo / 2)
    for (const { volume, indexedTo } of sparse) {
      await moveRows(volume)
      await moveMarks(volume, indexedTo)
      if (index.rowsIn(volume).length > 0) continue
      index.markRemoved(volume)
      await volumes.remove(volume)
      index.forgetVolume(volume)
    }
    return { rows, volumes: sparse.length }
  }
}
