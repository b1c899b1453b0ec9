import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { OperatorStatus } from '../../storage/storage-seam.ts'
import { describeOperator } from './describe-operator.ts'

const status: OperatorStatus = {
  ...{ rows: 3, rowBytes: 1_572_864, freeBytes: 4 * 2 ** 40, bundles: 2, waitingBundles: 1 },
  ...{ sets: 1, proofs: 7, faults: 0, lastProven: { 0: 6 }, problems: {} },
  pay: { owed: '20', acknowledged: '0', due: '1500000', redeemed: '0', settled: '2048', problems: {} },
  repair: undefined,
}
const described = (change: Partial<OperatorStatus> = {}) =>
  stripVTControlCharacters(describeOperator({ ...status, ...change }))

test('default: what is kept, proven and earned', () => {
  const text = described()
  for (const words of [
    '3, 1.5 MiB; room for 4.0 TiB more',
    '7 since the start',
    '$1.5 to settle',
    'nothing is wrong',
  ])
    expect(text).toContain(words)
  expect(text).not.toContain('repair')
})

test('behavior: a repair, and what is in the way', () => {
  const problems = { 9: { code: 'missing_lists', message: 'Lists are missing.' } }
  const repair = { rail: '9', lost: '4', pieces: 5, rebuilt: 2, completed: 1, problems }
  const text = described({ repair, problems: { 0: { code: 'damaged_row', message: 'Row 1 is damaged.' } } })
  expect(text).toContain('rail 9 makes rail 4 again: 2 of 5 pieces are here; 1 completed since the start')
  expect(text).toContain('set 0: Row 1 is damaged. (damaged_row)')
  expect(text).toContain('repair 9: Lists are missing. (missing_lists)')
  expect(described({ repair: { ...repair, rail: undefined, problems: {} } })).toContain(
    'looks for lost rails',
  )
})
