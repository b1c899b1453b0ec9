import { parseReport, recordHash } from '@cairn/protocol'
import { createVerifyP256, sha256 } from '@cairn/runtime'
import { describe, expect, test } from 'vitest'
import { makeDevices, signReport } from '../fixtures.ts'
import { checkVerdict, packJob, runJob } from './check-job.ts'

const devices = makeDevices(5)
const run = (items: Parameters<typeof packJob>[0], mostKeys = 4) =>
  runJob(packJob(items), { sha256, verify: createVerifyP256(mostKeys) })

describe('runJob', () => {
  test('default: valid, signed by another device, with another body; and the hash of each', () => {
    const reports = devices.map((device, sequence) => signReport(device, { sequence }))
    const changed = reports[2]!.slice()
    changed[changed.length - 1]! ^= 1
    const items = [
      { key: devices[0]!.key, bytes: reports[0]! },
      { key: devices[0]!.key, bytes: reports[1]! },
      { key: devices[2]!.key, bytes: changed },
      { key: { x: new Uint8Array(32).fill(1), y: new Uint8Array(32) }, bytes: reports[3]! },
      { key: devices[4]!.key, bytes: reports[4]! },
    ]
    const { verdicts, hashes } = run(items)
    const { valid, badSignature, bodyMismatch } = checkVerdict
    expect([...verdicts]).toEqual([valid, badSignature, bodyMismatch, badSignature, valid])
    const expected = items.map(({ bytes }) => {
      const { headerBytes, signature } = parseReport(bytes)
      return recordHash(headerBytes, signature, sha256)
    })
    expect(hashes).toEqual(new Uint8Array(Buffer.concat(expected)))
  })

  test('behavior: keys that fell out of the cache are parsed again', () => {
    const items = Array.from({ length: 40 }, (_, sequence) => ({
      key: devices[sequence % 5]!.key,
      bytes: signReport(devices[sequence % 5]!, { sequence }),
    }))
    expect([...run(items, 2).verdicts]).toEqual(new Array(40).fill(checkVerdict.valid))
  })

  test('behavior: nothing to check', () => {
    expect(run([])).toEqual({ verdicts: new Uint8Array(), hashes: new Uint8Array() })
  })
})
