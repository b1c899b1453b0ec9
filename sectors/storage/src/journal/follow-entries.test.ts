import { expect, test } from 'vitest'
import { followEntries } from './follow-entries.ts'

const entry = (sequence: number, previous: number, run = 1) => ({
  run: new Uint8Array(8).fill(run),
  sequence: BigInt(sequence),
  previous: BigInt(previous),
  body: new Uint8Array(),
})
const follow = (entries: readonly ReturnType<typeof entry>[], from: number) =>
  followEntries(entries, BigInt(from)).map(({ sequence }) => Number(sequence))

test('default: entries behind a checkpoint, in the order they follow each other', () => {
  expect(follow([entry(3, 2), entry(1, 0), entry(2, 1)], 0)).toEqual([1, 2, 3])
  expect(follow([entry(3, 2), entry(1, 0), entry(2, 1)], 2)).toEqual([3])
  expect(follow([], 7)).toEqual([])
})

test('one that was written again counts as it was written last, whether or not the first try came through', () => {
  expect(follow([entry(1, 0), entry(2, 1), entry(3, 1), entry(4, 3)], 0)).toEqual([1, 3, 4])
  expect(follow([entry(1, 0), entry(3, 1), entry(4, 3)], 0)).toEqual([1, 3, 4])
  // Killed before the second try: what was never acknowledged may be there.
  expect(follow([entry(1, 0), entry(2, 1)], 0)).toEqual([1, 2])
})

test('another run goes on where one was closed', () => {
  expect(follow([entry(1, 0, 1), entry(2, 1, 2)], 0)).toEqual([1, 2])
})

test('error: an entry that another follows is missing, or two gateways followed the same', () => {
  expect(() => follow([entry(1, 0), entry(3, 2)], 0)).toThrow(
    expect.objectContaining({ code: 'journal_hole', value: '2' }),
  )
  expect(() => follow([entry(1, 0), entry(2, 1, 1), entry(3, 1, 2)], 0)).toThrow(
    expect.objectContaining({ code: 'journal_forked', value: '1' }),
  )
})
