import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { hashTypedData, recoverAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { type Hex, toHex } from '../hex.ts'
import { parseNetworkId } from '../identity.ts'
import {
  type GroupCommit,
  type GroupCommitDomain,
  groupCommitDigest,
  parseGroupCommit,
} from './group-commit.ts'

interface GroupVector {
  readonly chainId: string
  readonly verifyingContract: Hex
  readonly network: Hex
  readonly epoch: string
  readonly first: string
  readonly count: string
  readonly batchRoot: Hex
  readonly digest: Hex
  readonly ingest: Hex
  readonly signature: Hex
}

const { groupCommits } = JSON.parse(
  readFileSync(new URL('../../../../specs/vectors/evidence.json', import.meta.url), 'utf8'),
) as { groupCommits: GroupVector[] }

/** The types as spec 3 states them. */
const types = {
  GroupCommit: [
    { name: 'network', type: 'bytes28' },
    { name: 'epoch', type: 'uint32' },
    { name: 'first', type: 'uint32' },
    { name: 'count', type: 'uint32' },
    { name: 'batchRoot', type: 'bytes32' },
  ],
} as const

const peerDigest = ({ chainId, verifyingContract }: GroupCommitDomain, group: GroupCommit) =>
  hashTypedData({
    domain: { name: 'Cairn', version: '1', chainId: BigInt(chainId), verifyingContract },
    types,
    primaryType: 'GroupCommit',
    message: { ...group },
  })

const hex = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(toHex)
const u32 = fc.nat({ max: 0xffff_ffff })
const groups: fc.Arbitrary<GroupCommit> = fc.record({
  network: hex(28).map(parseNetworkId),
  epoch: u32,
  first: u32,
  count: u32,
  batchRoot: hex(32),
})

const group: GroupCommit = {
  network: parseNetworkId(`0x${'ab'.repeat(28)}`),
  epoch: 1,
  first: 2,
  count: 3,
  batchRoot: `0x${'cd'.repeat(32)}`,
}

describe('groupCommitDigest', () => {
  test.for(groupCommits)('default: vector $digest', async (vector) => {
    const parsed = parseGroupCommit({
      ...vector,
      epoch: Number(vector.epoch),
      first: Number(vector.first),
      count: Number(vector.count),
    })
    const domain = { chainId: BigInt(vector.chainId), verifyingContract: vector.verifyingContract }
    expect(toHex(groupCommitDigest(domain, parsed))).toBe(vector.digest)
    const signer = await recoverAddress({ hash: vector.digest, signature: vector.signature })
    expect(signer.toLowerCase()).toBe(vector.ingest)
  })

  test('behavior: what viem hashes', () => {
    const domains = fc.record({
      chainId: fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })),
      verifyingContract: hex(20),
    })
    fc.assert(
      fc.property(domains, groups, (domain, any) => {
        expect(toHex(groupCommitDigest(domain, any))).toBe(peerDigest(domain, any))
      }),
    )
  })

  test('error: a contract or root of another width, a negative number', () => {
    const domain = { chainId: 1, verifyingContract: `0x${'11'.repeat(20)}` } as const
    expect(() => groupCommitDigest({ ...domain, verifyingContract: '0x11' }, group)).toThrow(
      expect.objectContaining({ code: 'malformed_hex', field: 'verifyingContract' }),
    )
    expect(() => groupCommitDigest(domain, { ...group, batchRoot: '0x11' })).toThrow(
      expect.objectContaining({ code: 'malformed_hex', field: 'batchRoot' }),
    )
    expect(() => groupCommitDigest({ ...domain, chainId: -1 }, group)).toThrow(RangeError)
  })
})

describe('parseGroupCommit', () => {
  test('default: JSON and back', () => {
    fc.assert(
      fc.property(groups, (any) => {
        fc.pre(any.count > 0 && any.first + any.count <= 2 ** 32)
        expect(parseGroupCommit(JSON.parse(JSON.stringify({ ...any, extra: 1 })))).toEqual(any)
      }),
    )
  })

  test.for([
    [{ network: '0xab' }, 'group.network'],
    [{ epoch: -1 }, 'group.epoch'],
    [{ epoch: '1' }, 'group.epoch'],
    [{ first: 2 ** 32 }, 'group.first'],
    [{ first: 1.5 }, 'group.first'],
    [{ count: 0 }, 'group.count'],
    [{ first: 0xffff_ffff, count: 2 }, 'group.count'],
    [{ batchRoot: undefined }, 'group.batchRoot'],
    [{ batchRoot: 12 }, 'group.batchRoot'],
  ] as const)('error: %j is malformed at %s', ([change, field]) => {
    expect(() => parseGroupCommit({ ...group, ...change })).toThrow(
      expect.objectContaining({ name: 'ReceiptError', code: 'malformed_receipt', field }),
    )
  })

  test.for([undefined, null, 1, 'text', []])('error: %j is no object', (value) => {
    expect(() => parseGroupCommit(value)).toThrow(expect.objectContaining({ field: 'group' }))
  })
})
