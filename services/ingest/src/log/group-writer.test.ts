import { parseGroups } from '@cairn/protocol'
import { manualClock } from '@cairn/runtime'
import { describe, expect, test } from 'vitest'
import { createGroupWriter } from './group-writer.ts'

/** A file whose appends end when the test says so. */
function heldFile() {
  const records: Uint8Array[] = []
  const held: { resolve(): void; reject(error: Error): void }[] = []
  let isClosed = false
  return {
    records,
    held,
    isClosed: () => isClosed,
    file: {
      append: (record: Uint8Array) =>
        new Promise<void>((resolve, reject) => {
          records.push(record)
          held.push({ resolve, reject })
        }),
      close: async () => {
        isClosed = true
      },
    },
  }
}

function makeWriter(limits = {}) {
  const held = heldFile()
  const groups: { first: number; count: number }[] = []
  const failures: unknown[] = []
  const clock = manualClock()
  const writer = createGroupWriter({
    epoch: 3,
    count: 0,
    file: held.file,
    limits: { groupReports: 4, groupBytes: 1_000, groupIntervalMs: 0, ...limits },
    clock,
    onDurable: ({ first, count }) => groups.push({ first, count }),
    onFailure: (error) => failures.push(error),
  })
  return { writer, groups, failures, clock, ...held }
}

const report = (id: number, sizeBytes = 8) => new Uint8Array(sizeBytes).fill(id)
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const idsOf = (record: Uint8Array) =>
  parseGroups(record).groups.flatMap(({ reports }) => reports.map(([id]) => id))

describe('createGroupWriter', () => {
  test('default: what arrives during a write is the next group', async () => {
    const { writer, records, held, groups } = makeWriter()
    writer.append([report(1)])
    await turn()
    writer.append([report(2)])
    writer.append([report(3)])
    expect(records.map(idsOf)).toEqual([[1]])
    held[0]!.resolve()
    await writer.whenDurable(1)
    await turn()
    expect(records.map(idsOf)).toEqual([[1], [2, 3]])
    expect(groups).toEqual([{ first: 0, count: 1 }])
    held[1]!.resolve()
    await writer.whenDurable(3)
    expect(groups).toEqual([
      { first: 0, count: 1 },
      { first: 1, count: 2 },
    ])
    expect(parseGroups(records[1]!).groups[0]).toMatchObject({ epoch: 3, first: 1 })
  })

  test('behavior: nothing is durable before the write is', async () => {
    const { writer, held } = makeWriter()
    writer.append([report(1)])
    let isDurable = false
    const durable = writer.whenDurable(1).then(() => {
      isDurable = true
    })
    await turn()
    expect(isDurable).toBe(false)
    held[0]!.resolve()
    await durable
  })

  test('behavior: groups keep to their limits, and a report above them is a group by itself', async () => {
    const { writer, records, held } = makeWriter({ groupBytes: 20 })
    writer.append([report(1), report(2), report(3), report(4, 500), report(5, 1), report(6, 1), report(7, 1)])
    writer.append([report(8, 1), report(9, 1)])
    for (let group = 0; group < 5; group++) {
      await turn()
      held[group]?.resolve()
    }
    await writer.whenDurable(9)
    expect(records.map(idsOf)).toEqual([[1, 2], [3], [4], [5, 6, 7, 8], [9]])
  })

  test('behavior: groups begin at least an interval apart', async () => {
    const { writer, records, held, clock } = makeWriter({ groupIntervalMs: 5 })
    writer.append([report(1)])
    await turn()
    held[0]!.resolve()
    writer.append([report(2)])
    await turn()
    expect(records).toHaveLength(1)
    clock.advance(5)
    await turn()
    expect(records).toHaveLength(2)
    held[1]!.resolve()
    await writer.close()
  })

  test('behavior: closing waits for what was appended', async () => {
    const { writer, held, isClosed } = makeWriter()
    writer.append([report(1)])
    const closed = writer.close()
    await turn()
    expect(isClosed()).toBe(false)
    held[0]!.resolve()
    await closed
    expect(isClosed()).toBe(true)
  })

  test('error: when the file fails, everything that waits is rejected, and whatever comes later', async () => {
    const { writer, held, failures } = makeWriter()
    writer.append([report(1)])
    const waiting = expect(writer.whenDurable(1)).rejects.toThrow('disk full')
    await turn()
    held[0]!.reject(new Error('disk full'))
    await waiting
    writer.append([report(2)])
    await expect(writer.whenDurable(2)).rejects.toThrow('disk full')
    expect(failures).toHaveLength(1)
  })
})
