import { readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeGroup, parseReport, recordHash } from '@cairn/protocol'
import { manualClock, sha256 } from '@cairn/runtime'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fakeChain, makeDevices, network, signingKey, signReport, temporaryFolder } from '../fixtures.ts'
import { defaultLimits } from '../limits.ts'
import { openEpochLog, recoverLog } from './epoch-log.ts'
import { createGroupSigner } from './group-signer.ts'

const [device] = makeDevices(1) as [ReturnType<typeof makeDevices>[0]]
const reports = Array.from({ length: 6 }, (_, sequence) => signReport(device, { sequence, epoch: 2 }))
const group = (first: number, count: number) =>
  encodeGroup({ epoch: 2, first, reports: reports.slice(first, first + count) })
const groups = [group(0, 1), group(1, 3), group(4, 2)]
const whole = Buffer.concat(groups)
const afterTwo = groups[0]!.length + groups[1]!.length

async function withLog(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(onTestFinished), '2.log')
  await writeFile(path, bytes)
  return path
}

const open = (path: string) => {
  const { domain } = fakeChain([device])
  return openEpochLog({
    path,
    epoch: 2,
    network,
    sign: createGroupSigner(signingKey, domain),
    limits: { ...defaultLimits, groupIntervalMs: 0 },
    clock: manualClock(),
    onDurable: () => {},
    onFailure: () => {},
  })
}

describe('recoverLog', () => {
  test('default: identities, hashes and groups are what they were', async () => {
    const { index, tornBytes } = await recoverLog(await withLog(whole), 2)
    expect([index.count, index.durable, tornBytes]).toEqual([6, 6, 0])
    expect(index.sizeBytes).toBe(reports.reduce((sum, { length }) => sum + length, 0))
    for (const [at, bytes] of reports.entries()) {
      expect(index.find(0, at)).toBe(at)
      const { headerBytes, signature } = parseReport(bytes)
      expect(index.hashes(at, 1)).toEqual(recordHash(headerBytes, signature, sha256))
    }
    expect([0, 1, 3, 4, 5].map((at) => index.groupOf(at))).toEqual([
      { first: 0, count: 1 },
      { first: 1, count: 3 },
      { first: 1, count: 3 },
      { first: 4, count: 2 },
      { first: 4, count: 2 },
    ])
  })

  test('behavior: a file that is not there is an empty log', async () => {
    const { index } = await recoverLog(join(await temporaryFolder(onTestFinished), 'none.log'), 2)
    expect(index.count).toBe(0)
  })

  test('behavior: cut off at any byte, the whole groups before it remain', async () => {
    const path = await withLog(whole)
    for (let length = whole.length - 1; length >= 0; length -= 7) {
      await truncate(path, length)
      const expected = length < groups[0]!.length ? 0 : length < afterTwo ? 1 : 4
      expect((await recoverLog(path, 2)).index.durable).toBe(expected)
    }
  })

  test('behavior: a last record with pages that were never written is torn', async () => {
    const torn = Buffer.from(whole)
    torn.fill(0, afterTwo + 50)
    expect(await recoverLog(await withLog(torn), 2)).toMatchObject({ validBytes: afterTwo })
    torn.fill(0, afterTwo)
    expect(await recoverLog(await withLog(torn), 2)).toMatchObject({ validBytes: afterTwo })
  })

  test('error: a byte changed anywhere in a record with another behind it stops the ingest', async () => {
    const path = await withLog(whole)
    for (let at = 0; at < afterTwo; at += 3) {
      const damaged = Buffer.from(whole)
      damaged[at]! ^= 0x10
      await writeFile(path, damaged)
      await expect(recoverLog(path, 2), `byte ${at}`).rejects.toMatchObject({ code: 'corrupt_log' })
    }
  })

  test('error: records of another epoch, out of order, or bytes behind the last one', async () => {
    const other = encodeGroup({ epoch: 3, first: 0, reports: reports.slice(0, 1) })
    const rest = (await Promise.all([
      withLog(other),
      withLog(groups[1]!),
      withLog(Buffer.concat([whole, groups[2]!])),
      withLog(Buffer.concat([whole, Buffer.from('anything else')])),
    ])) as string[]
    for (const path of rest) {
      await expect(recoverLog(path, 2)).rejects.toMatchObject({ code: 'corrupt_log' })
    }
  })
})

describe('openEpochLog', () => {
  test('default: a torn tail is cut off and the log goes on in its place', async () => {
    const path = await withLog(whole.subarray(0, whole.length - 1))
    const log = await open(path)
    expect((await stat(path)).size).toBe(afterTwo)
    expect(log.tornBytes).toBe(groups[2]!.length - 1)
    log.writer.append([reports[4]!, reports[5]!])
    await log.writer.whenDurable(6)
    await log.writer.close()
    expect(new Uint8Array(await readFile(path))).toEqual(new Uint8Array(whole))
  })

  test('behavior: a receipt after a restart is the one before', async () => {
    const path = await withLog(whole)
    const first = await open(path)
    const receipts = reports.map((_, at) => first.receipts.receipt(at))
    await first.writer.close()
    const second = await open(path)
    expect(reports.map((_, at) => second.receipts.receipt(at))).toEqual(receipts)
    await second.writer.close()
  })
})
