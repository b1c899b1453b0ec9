import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Answer } from '../accept/acceptor.ts'
import { serializeAnswers } from './serialize-answers.ts'

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((b) => `0x${Buffer.from(b).toString('hex')}` as const)
const group = fc.record({
  network: hex(28),
  epoch: fc.nat(),
  first: fc.nat(),
  count: fc.nat(),
  batchRoot: hex(32),
})
const accepted = fc.record({
  status: fc.constant('accepted' as const),
  receipt: fc.record({
    group,
    signature: hex(65),
    index: fc.nat(),
    path: fc.array(hex(32), { maxLength: 4 }),
    recordHash: hex(32),
  }),
})
const rejected = fc.record({
  status: fc.constant('rejected' as const),
  code: fc.string(),
  message: fc.string(),
  fix: fc.string(),
})

test('default: the text is the one JSON.stringify makes', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(accepted, rejected), { maxLength: 6 }), (answers) => {
      const results = answers as unknown as Answer[]
      expect(serializeAnswers(results).toString()).toBe(JSON.stringify({ results }))
    }),
  )
})

test('behavior: reports of one group share its text', () => {
  const shared = { network: '0x01', epoch: 1, first: 0, count: 2, batchRoot: '0x02' }
  const answerAt = (index: number) => ({
    status: 'accepted',
    receipt: { group: shared, signature: '0x03', index, path: [], recordHash: '0x04' },
  })
  const results = [answerAt(0), answerAt(1)] as unknown as Answer[]
  expect(serializeAnswers(results).toString()).toBe(JSON.stringify({ results }))
})
