import type { RangeStatement } from '@cairn/economics'
import { expect, test } from 'vitest'
import { parseRow, serializeRow } from './statement-store.ts'

const root = { rootId: `0x${'01'.repeat(32)}`, blockHash: `0x${'02'.repeat(32)}` } as const
const row: RangeStatement = {
  first: 0,
  last: 2,
  emitted: 10n ** 20n,
  burned: 3n,
  paid: 0n,
  netIssuance: -5n,
  spentCredits: 0n,
  burnedCredits: 0n,
  emittedCredits: undefined,
  revenueCoverBps: undefined,
  work: 7n,
  creditsPerMillionWork: undefined,
  payerConcentrationBps: undefined,
  ownerConcentrationBps: 10_000n,
}

test('default: a row comes back as it was written', () => {
  expect(parseRow(serializeRow(row, root), root)).toEqual(row)
})

test('behavior: what is damaged, of another root, or final in another block reads as absent', () => {
  const text = serializeRow(row, root)
  const another = `0x${'03'.repeat(32)}` as const
  expect(parseRow(text.replace('"3"', '"4"'), root)).toBeUndefined()
  expect(parseRow(text, { ...root, rootId: another })).toBeUndefined()
  expect(parseRow(text, { ...root, blockHash: another })).toBeUndefined()
  for (const cut of ['', 'x', text.slice(0, 40), text.split('\n')[0]!])
    expect(parseRow(cut, root)).toBeUndefined()
})
