import fc from 'fast-check'
import { encodeAbiParameters, keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { type Hex, toHex } from '../hex.ts'
import { parseNetworkId } from '../identity.ts'
import { buildPayoutTree } from '../trees/payout-tree.ts'
import { buildWorkTree } from '../trees/work-tree.ts'
import { type Root, rootId } from './root.ts'
import { deriveTops, verifyTops } from './tops.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 100)

/** `Root` of contracts/src/types/Root.sol. */
const rootParameters = [
  { type: 'bytes28' },
  {
    type: 'tuple',
    components: [
      { name: 'parent', type: 'bytes32' },
      { name: 'first', type: 'uint32' },
      { name: 'last', type: 'uint32' },
      { name: 'evidenceEnd', type: 'uint32' },
      { name: 'evidenceSet', type: 'uint256' },
      { name: 'ruleset', type: 'bytes32' },
      { name: 'deviceCount', type: 'uint32' },
      { name: 'payoutHash', type: 'bytes32' },
      { name: 'payoutSum', type: 'uint128' },
      { name: 'workHash', type: 'bytes32' },
      { name: 'workSums', type: 'uint128[4]' },
      { name: 'carryHash', type: 'bytes32' },
      { name: 'carryCount', type: 'uint32' },
      { name: 'partitionHash', type: 'bytes32' },
    ],
  },
] as const

const hexOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(toHex)
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const u128 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })
const roots: fc.Arbitrary<Root> = fc.record({
  parent: hexOf(32),
  first: u32,
  last: u32,
  evidenceEnd: u32,
  evidenceSet: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  ruleset: hexOf(32),
  deviceCount: u32,
  payoutHash: hexOf(32),
  payoutSum: u128,
  workHash: hexOf(32),
  workSums: fc.tuple(u128, u128, u128, u128),
  carryHash: hexOf(32),
  carryCount: u32,
  partitionHash: hexOf(32),
})

const zero: Hex = `0x${'00'.repeat(32)}`
const network = parseNetworkId(`0x${'ab'.repeat(28)}`)
const plain: Root = {
  parent: zero,
  first: 0,
  last: 1,
  evidenceEnd: 2,
  evidenceSet: 3n,
  ruleset: zero,
  deviceCount: 0,
  payoutHash: zero,
  payoutSum: 0n,
  workHash: zero,
  workSums: [0n, 0n, 0n, 0n],
  carryHash: zero,
  carryCount: 0,
  partitionHash: zero,
}

describe('root id', () => {
  test('behavior: it is keccak256 of the ABI encoding, as viem writes it', () => {
    fc.assert(
      fc.property(hexOf(28).map(parseNetworkId), roots, (anyNetwork, root) => {
        expect(rootId(anyNetwork, root)).toBe(
          keccak256(encodeAbiParameters(rootParameters, [anyNetwork, root])),
        )
      }),
      { numRuns },
    )
  })

  test('error: a value that the contract could not hold', () => {
    expect(() => rootId(network, { ...plain, first: 2 ** 32 })).toThrow(/root's first is 4294967296/)
    expect(() => rootId(network, { ...plain, last: 0.5 })).toThrow(/root's last is 0.5/)
    expect(() => rootId(network, { ...plain, payoutSum: -1n })).toThrow(/payoutSum/)
    expect(() => rootId(network, { ...plain, workSums: [0n, 0n, 2n ** 128n, 0n] })).toThrow(/workSums\[2\]/)
    expect(() => rootId(network, { ...plain, parent: '0x00' })).toThrow(/parent/)
  })
})

describe('tops', () => {
  const devices = [5n, 0n, 7n]
  const payout = buildPayoutTree(devices)
  const work = buildWorkTree(
    devices.map((amount, index) => ({
      index,
      work: [amount, 1n, 0n, 0n],
      verdictHash: new Uint8Array(32),
      verdictCount: 1,
    })),
  )
  const root: Root = {
    ...plain,
    deviceCount: 3,
    payoutHash: toHex(payout.hash),
    payoutSum: payout.sum,
    workHash: toHex(work.hash),
    workSums: work.sums,
  }

  test('default: the two children of both trees, which hash and add up to the root', () => {
    const tops = deriveTops(payout, work)
    expect(tops.payoutLeft.sum).toBe(5n)
    expect(tops.workRight.sums).toEqual([7n, 1n, 0n, 0n])
    expect(verifyTops(root, tops)).toBe(true)
  })

  test('behavior: tops that do not hash or do not add up are refused', () => {
    const tops = deriveTops(payout, work)
    const { payoutLeft, payoutRight, workLeft } = tops
    expect(verifyTops(root, { ...tops, payoutLeft: payoutRight, payoutRight: payoutLeft })).toBe(false)
    expect(verifyTops(root, { ...tops, payoutLeft: { ...payoutLeft, sum: 6n } })).toBe(false)
    expect(verifyTops(root, { ...tops, workLeft: { ...workLeft, sums: [5n, 3n, 0n, 0n] } })).toBe(false)
    expect(verifyTops({ ...root, payoutSum: 13n }, tops)).toBe(false)
    expect(verifyTops({ ...root, workSums: [12n, 2n, 0n, 1n] }, tops)).toBe(false)
  })

  test('behavior: a tree of one leaf has none', () => {
    const tops = deriveTops(buildPayoutTree([1n]), buildWorkTree([]))
    expect(tops.payoutLeft).toEqual({ hash: zero, sum: 0n })
    expect(tops.workRight).toEqual({ hash: zero, sums: [0n, 0n, 0n, 0n] })
    expect(verifyTops({ ...root, deviceCount: 1 }, tops)).toBe(true)
  })
})
