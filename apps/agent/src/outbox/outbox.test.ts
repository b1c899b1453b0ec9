import { mkdtempSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildReport, parseNetworkId } from '@cairn/protocol'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, parseJournal } from './journal.ts'
import { type Outbox, type OutboxOptions, openOutbox } from './outbox.ts'
import { encodeEntries, type OutboxEntry, parseEntries } from './outbox-entry.ts'

const network = parseNetworkId(`0x${'a9'.repeat(28)}`)
const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'cairn-outbox-')), 'outbox')
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

async function keep(outbox: Outbox, names: readonly string[], device = 1): Promise<void> {
  await Promise.all(
    names.map((name) => outbox.keep({ device, receivedMs: 5, bytes: new TextEncoder().encode(name) })),
  )
}
async function report(outbox: Outbox, count: number, device = 1): Promise<number> {
  const taken = outbox.waiting().slice(0, count)
  const sequence = await outbox.takeSequence(device, 10)
  const fields = { network, device, epoch: 0, sequence, timeMs: 1 }
  const built = buildReport(
    fields,
    taken.map(({ bytes }) => bytes),
    () => new Uint8Array(64).fill(1),
  ).report
  const { headerBytes, signature } = built
  await outbox.addReport({ headerBytes, signature, observationIds: taken.map(({ id }) => id) })
  return sequence
}
const contents = (outbox: Outbox) => ({
  waiting: outbox.waiting().map(({ bytes, attempt }) => `${text(bytes)} ${attempt}`),
  reports: outbox
    .reports()
    .map(({ header, observations }) => [header.sequence, ...observations.map(({ bytes }) => text(bytes))]),
  size: { ...outbox.size(), fileBytes: 0 },
})
async function reopen(
  outbox: Outbox,
  path: string,
  options: Omit<OutboxOptions, 'path'> = {},
): Promise<Outbox> {
  await outbox.close()
  return openOutbox({ ...options, path })
}

describe('default', () => {
  test('what is kept, reported, returned and settled is there again after a restart', async () => {
    const path = newPath()
    let outbox = await openOutbox({ path })
    await keep(outbox, ['a', 'b', 'c', 'd', 'e'])
    const first = await report(outbox, 2)
    const second = await report(outbox, 2)
    const expected = {
      waiting: ['e 0'],
      reports: [
        [first, 'a', 'b'],
        [second, 'c', 'd'],
      ],
      size: { observations: 5, sizeBytes: 5, fileBytes: 0 },
    }
    expect(contents(outbox)).toEqual(expected)
    outbox = await reopen(outbox, path)
    expect(contents(outbox)).toEqual(expected)
    await outbox.endReports([outbox.reports()[0]!], 'settled')
    await outbox.endReports([outbox.reports()[0]!], 'returned')
    await outbox.dropObservations(outbox.waiting().slice(0, 1))
    const after = {
      waiting: ['c 1', 'd 1'],
      reports: [],
      size: { observations: 2, sizeBytes: 2, fileBytes: 0 },
    }
    expect(contents(outbox)).toEqual(after)
    outbox = await reopen(outbox, path)
    expect(contents(outbox)).toEqual(after)
    await outbox.close()
  })

  test('sequences rise, begin where told, and skip what was reserved before a restart', async () => {
    const path = newPath()
    let outbox = await openOutbox({ path, reserveSequences: 10 })
    const taken = await Promise.all([0, 1, 2].map(() => outbox.takeSequence(1, 100)))
    expect(taken).toEqual([100, 101, 102])
    expect(await outbox.takeSequence(2, 7)).toBe(7)
    outbox = await reopen(outbox, path, { reserveSequences: 10 })
    expect(await outbox.takeSequence(1, 100)).toBe(112)
    for (let i = 113; i < 140; i++) expect(await outbox.takeSequence(1, 0)).toBe(i)
    await outbox.close()
  })
})

describe('behavior', () => {
  test('the file is rewritten when it is mostly history', async () => {
    const path = newPath()
    let outbox = await openOutbox({ path, compactBytes: 4_000 })
    for (let i = 0; i < 200; i++) {
      await keep(outbox, [`observation ${i}`])
      await report(outbox, 1)
      if (i > 2) await outbox.endReports(outbox.reports().slice(0, 1), 'settled')
    }
    expect(outbox.size().fileBytes).toBeLessThan(8_000)
    expect(statSync(path).size).toBe(outbox.size().fileBytes)
    const before = contents(outbox)
    outbox = await reopen(outbox, path)
    expect(contents(outbox)).toEqual(before)
    expect(await outbox.takeSequence(1, 0)).toBeGreaterThanOrEqual(210)
    await outbox.close()
  })

  test('cut anywhere, it opens with all whole frames, and goes on', async () => {
    const path = newPath()
    const outbox = await openOutbox({ path })
    for (const name of ['a', 'b', 'c']) await keep(outbox, [name])
    await outbox.close()
    const bytes = readFileSync(path)
    const frameBytes = bytes.length / 3
    for (let length = 0; length <= bytes.length; length++) {
      writeFileSync(path, bytes)
      truncateSync(path, length)
      const cut = await openOutbox({ path })
      expect(cut.waiting().map(({ bytes }) => text(bytes))).toEqual(
        ['a', 'b', 'c'].slice(0, Math.floor(length / frameBytes)),
      )
      await keep(cut, ['z'])
      const again = await reopen(cut, path)
      expect(text(again.waiting().at(-1)!.bytes)).toBe('z')
      await again.close()
    }
  })

  test('calls that come together share frames', async () => {
    const path = newPath()
    const outbox = await openOutbox({ path })
    await keep(
      outbox,
      Array.from({ length: 100 }, (_, i) => `${i}`),
    )
    expect(readFileSync(path, 'latin1').split('CROB').length - 1).toBeLessThan(5)
    await outbox.close()
  })

  test('what is torn off is left beside the file', async () => {
    const path = newPath()
    const outbox = await openOutbox({ path })
    await keep(outbox, ['a'])
    await outbox.close()
    const { size } = statSync(path)
    truncateSync(path, size - 1)
    await (await openOutbox({ path })).close()
    expect(statSync(`${path}.torn`).size).toBe(size - 1)
  })
})

describe('error', () => {
  test('a damaged frame in front of another stops the agent', async () => {
    const path = newPath()
    const outbox = await openOutbox({ path })
    for (const name of ['a', 'b']) await keep(outbox, [name])
    await outbox.close()
    const bytes = readFileSync(path)
    bytes[10]! ^= 1
    writeFileSync(path, bytes)
    await expect(openOutbox({ path })).rejects.toMatchObject({ code: 'corrupt_outbox', meta: { offset: 0 } })
    expect(readFileSync(path)).toEqual(bytes)
  })

  test('full by number and by bytes, also for calls that come together; room comes back', async () => {
    const outbox = await openOutbox({ path: newPath(), maxObservations: 3, maxBytes: 10 })
    const bytes = ['1234', '5678', '90', 'x'].map((name) => new TextEncoder().encode(name))
    const results = await Promise.allSettled(
      bytes.map((bytes) => outbox.keep({ device: 1, receivedMs: 5, bytes })),
    )
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
    expect(results[3]).toMatchObject({ reason: { code: 'outbox_full' } })
    expect(outbox.waiting()).toHaveLength(3)
    await outbox.dropObservations(outbox.waiting().slice(0, 1))
    await expect(keep(outbox, ['12345'])).rejects.toMatchObject({ code: 'outbox_full' })
    await keep(outbox, ['1234'])
    await outbox.close()
    await expect(outbox.takeSequence(1, 1)).rejects.toMatchObject({ code: 'outbox_closed' })
  })

  test('no sequences left', async () => {
    const outbox = await openOutbox({ path: newPath() })
    expect(await outbox.takeSequence(1, 0xffff_fffe)).toBe(0xffff_fffe)
    await expect(outbox.takeSequence(1, 0)).rejects.toMatchObject({ code: 'sequences_exhausted' })
    await outbox.close()
  })
})

describe('behavior: the journal', () => {
  const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
  const entry: fc.Arbitrary<OutboxEntry> = fc.oneof(
    fc
      .record({
        id: u32,
        device: u32,
        receivedMs: fc.maxSafeNat(),
        attempt: fc.integer({ min: 0, max: 255 }),
        bytes: fc.uint8Array({ maxLength: 1024 }),
      })
      .map((observation) => ({ kind: 'observation' as const, observation })),
    fc
      .record({
        headerBytes: fc.uint8Array({ minLength: 83, maxLength: 83 }),
        signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
        observationIds: fc.array(u32, { maxLength: 1024 }),
      })
      .map((report) => ({ kind: 'report' as const, report })),
    fc.record({ kind: fc.constantFrom('settled' as const, 'returned' as const), device: u32, sequence: u32 }),
    fc.record({ kind: fc.constant('dropped' as const), id: u32 }),
    fc.record({ kind: fc.constant('reserved' as const), device: u32, upTo: u32 }),
  )
  const entries = fc.array(entry, { maxLength: 8 })

  test('entries and frames survive both ways', () => {
    fc.assert(
      fc.property(fc.array(entries, { maxLength: 4 }), (frames) => {
        for (const frame of frames) expect(parseEntries(encodeEntries(frame))).toEqual(frame)
        const bytes = Buffer.concat(frames.map(encodeFrame))
        expect(parseJournal(bytes)).toEqual({ entries: frames.flat(), validBytes: bytes.length })
      }),
    )
  })

  test('arbitrary bytes are entries, no entries, or a torn end, and never crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const parsed = parseEntries(bytes)
        if (parsed !== undefined) expect(encodeEntries(parsed)).toEqual(bytes)
        expect(parseJournal(bytes)).toEqual({ entries: [], validBytes: 0 })
      }),
    )
  })
})

test('property: any history, with restarts and rewrites anywhere, ends in the same state', async () => {
  const step = fc.constantFrom('keep', 'report', 'settle', 'return', 'drop', 'reopen')
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const paths = [newPath(), newPath()]
      const options = [{ compactBytes: 1 << 30 }, { compactBytes: 1 }]
      const outboxes = await Promise.all(paths.map((path, i) => openOutbox({ path, ...options[i]! })))
      for (const [at, action] of steps.entries()) {
        for (const [i, outbox] of outboxes.entries()) {
          if (action === 'keep') await keep(outbox, [`${at}`])
          if (action === 'report' && outbox.waiting().length > 0) await report(outbox, 2)
          if (action === 'settle') await outbox.endReports(outbox.reports().slice(0, 1), 'settled')
          if (action === 'return') await outbox.endReports(outbox.reports().slice(-1), 'returned')
          if (action === 'drop') await outbox.dropObservations(outbox.waiting().slice(0, 1))
          if (action === 'reopen') outboxes[i] = await reopen(outbox, paths[i]!, options[i]!)
        }
        expect(contents(outboxes[1]!).size).toEqual(contents(outboxes[0]!).size)
      }
      const [plain, rewritten] = await Promise.all(
        outboxes.map(async (outbox, i) => {
          const reopened = await reopen(outbox, paths[i]!)
          const found = contents(reopened)
          await reopened.close()
          return { ...found, waiting: found.waiting.sort(), reports: found.reports.sort() }
        }),
      )
      expect(rewritten).toEqual(plain)
    }),
    { numRuns: 20 },
  )
}, 60_000)
