import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Hex, toHex } from '../hex.ts'
import { parseNetworkId } from '../identity.ts'
import { evidenceTree } from '../trees/evidence-tree.ts'
import { parseReceipt, type Receipt, receiptHolds } from './receipt.ts'
import { ReceiptError } from './receipt-error.ts'

interface ReceiptVector {
  readonly network: Hex
  readonly epoch: string
  readonly first: string
  readonly count: string
  readonly batchRoot: Hex
  readonly signature: Hex
  readonly index: string
  readonly reportHash: Hex
  readonly path: Hex[]
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../../specs/vectors/evidence.json', import.meta.url), 'utf8'),
) as { receipts: ReceiptVector[] }

const fromVector = (vector: ReceiptVector) => ({
  group: {
    network: vector.network,
    epoch: Number(vector.epoch),
    first: Number(vector.first),
    count: Number(vector.count),
    batchRoot: vector.batchRoot,
  },
  signature: vector.signature,
  index: Number(vector.index),
  path: vector.path,
  recordHash: vector.reportHash,
})

/** The receipt of report `position` in a group of `count` that begins at `first`. */
const receiptOf = (first: number, count: number, position: number): Receipt => {
  const hashes = Uint8Array.from({ length: 32 * count }, (_, i) => (i >> 5) ^ (i * 13))
  const tree = evidenceTree(hashes)
  return {
    group: {
      network: parseNetworkId(`0x${'ab'.repeat(28)}`),
      epoch: 9,
      first,
      count,
      batchRoot: toHex(tree.root),
    },
    signature: `0x${'11'.repeat(65)}`,
    index: first + position,
    path: tree.proof(position).map(toHex),
    recordHash: toHex(hashes.subarray(32 * position, 32 * position + 32)),
  }
}

const receipts = fc
  .tuple(fc.nat({ max: 0xffff_0000 }), fc.integer({ min: 1, max: 40 }), fc.nat())
  .map(([first, count, any]) => receiptOf(first, count, any % count))

describe('receipts', () => {
  test.for(vectors.receipts)('default: vector of report $index', (vector) => {
    const receipt = parseReceipt(fromVector(vector))
    expect(receipt).toEqual(fromVector(vector))
    expect(receiptHolds(receipt)).toBe(true)
  })

  test('behavior: JSON and back, and it holds', () => {
    fc.assert(
      fc.property(receipts, (receipt) => {
        expect(parseReceipt(JSON.parse(JSON.stringify(receipt)))).toEqual(receipt)
        expect(receiptHolds(receipt)).toBe(true)
      }),
    )
  })

  test('behavior: it does not hold for another report, index, root or path', () => {
    const receipt = receiptOf(100, 5, 3)
    const other = `0x${'77'.repeat(32)}` as const
    const swapped = [...receipt.path].reverse()
    expect(receiptHolds({ ...receipt, recordHash: other })).toBe(false)
    expect(receiptHolds({ ...receipt, index: 102 })).toBe(false)
    expect(receiptHolds({ ...receipt, index: 99 })).toBe(false)
    expect(receiptHolds({ ...receipt, index: 105 })).toBe(false)
    expect(receiptHolds({ ...receipt, group: { ...receipt.group, batchRoot: other } })).toBe(false)
    expect(receiptHolds({ ...receipt, group: { ...receipt.group, count: 4 } })).toBe(false)
    expect(receiptHolds({ ...receipt, path: swapped })).toBe(false)
    expect(receiptHolds({ ...receipt, path: receipt.path.slice(1) })).toBe(false)
  })

  test.for([
    [{ group: undefined }, 'group'],
    [{ signature: `0x${'11'.repeat(64)}` }, 'signature'],
    [{ index: 99 }, 'index'],
    [{ index: 105 }, 'index'],
    [{ index: '103' }, 'index'],
    [{ path: undefined }, 'path'],
    [{ path: [] }, 'path'],
    [{ path: ['0x', '0x', '0x'] }, 'path.0'],
    [{ path: { length: 3 } }, 'path'],
    [{ recordHash: `0x${'11'.repeat(31)}` }, 'recordHash'],
  ] as const)('error: %j is malformed at %s', ([change, field]) => {
    expect(() => parseReceipt({ ...receiptOf(100, 5, 3), ...change })).toThrow(
      expect.objectContaining({ name: 'ReceiptError', code: 'malformed_receipt', field }),
    )
  })

  test('behavior: any JSON is refused with a ReceiptError', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => parseReceipt(value)).toThrow(ReceiptError)
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 500) },
    )
  })
})
