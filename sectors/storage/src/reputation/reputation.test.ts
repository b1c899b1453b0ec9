import { readFileSync } from 'node:fs'
import { fromHex, type Hex, parseNetworkId, toHex } from '@cairn/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { derivePlacement, deriveReputation, findDivergence } from './derive-reputation.ts'
import { DIMENSIONS, ONE, defaultReputationParameters as usual } from './parameters.ts'
import {
  OUTCOMES,
  parseRecord,
  periodSubject,
  type RecordKind,
  type ReputationRecord,
  serializeRecord,
} from './record.ts'

const day = 86_400
const start = 20_000 * day
const scope = { network: parseNetworkId(`0x${'57'.repeat(28)}`), device: 3, until: start + 400 * day }
const address = (i: number): Hex => toHex(new Uint8Array(20).fill(i))
const owner = address(250)
const slab = (i: number): Hex => toHex(new Uint8Array(32).fill(i))

const period = (payer: number, outcome: 'proven' | 'missed', at: number): ReputationRecord => ({
  kind: 'period',
  outcome,
  payer: address(payer),
  at: start + at * day,
  subject: periodSubject(BigInt(payer), at),
  amount: 1n << 25n,
})
const answer = (
  kind: 'audit' | 'retrieval',
  outcome: string,
  { payer = 1, at = 0, about = 0 }: { payer?: number; at?: number; about?: number } = {},
) =>
  ({
    kind,
    outcome,
    payer: address(payer),
    at: start + at,
    subject: slab(about),
    amount: 0n,
  }) as ReputationRecord
const days = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i)
const provenBy = (payers: readonly number[], count = 60) =>
  payers.flatMap((payer) => days(count).map((at) => period(payer, 'proven', at)))
const derive = (records: readonly ReputationRecord[], until = scope.until) =>
  deriveReputation(records, { ...scope, until, owner }, usual)

const anyRecord: fc.Arbitrary<ReputationRecord> = fc
  .record({
    kind: fc.constantFrom<RecordKind>('period', 'audit', 'retrieval'),
    place: fc.nat(4),
    payer: fc.integer({ min: 1, max: 4 }),
    hour: fc.nat(24 * 60),
    about: fc.nat(3),
  })
  .map(({ kind, place, payer, hour, about }) => {
    const outcome = OUTCOMES[kind][place % OUTCOMES[kind].length]!
    if (kind === 'period') return period(payer, outcome as 'proven' | 'missed', Math.floor(hour / 24))
    return answer(kind, outcome, { payer, at: hour * 3_600, about })
  })
const manyRecords = fc.array(anyRecord, { maxLength: 60 })

test('default: who proves and serves for two months is given everything', () => {
  const served = days(60).map((at) => answer('retrieval', 'served', { at: at * day }))
  const { scores, placement, vetting, contained } = derive([...provenBy([1]), ...served], start + 60 * day)
  expect(scores).toEqual({ possession: ONE, integrity: ONE, retrieval: ONE, uptime: ONE })
  expect({ placement, vetting, contained }).toEqual({
    placement: ONE,
    vetting: { proofs: 60, days: 60, share: ONE },
    contained: [],
  })
})

test('behavior: consequences are graded: one missed period costs nothing, seven a part, twenty all', () => {
  const placementAfter = (missed: number) => {
    const bad = days(missed, 60).map((at) => period(1, 'missed', at))
    return Number(derive([...provenBy([1]), ...bad], start + 100 * day).placement) / 1e6
  }
  expect(placementAfter(1)).toBe(1)
  expect(placementAfter(7)).toBeGreaterThan(0.3)
  expect(placementAfter(7)).toBeLessThan(0.5)
  expect(placementAfter(20)).toBe(0)
  const again = [
    ...days(20, 60).map((at) => period(1, 'missed', at)),
    ...days(60, 80).map((at) => period(1, 'proven', at)),
  ]
  expect(derive([...provenBy([1]), ...again]).placement).toBeGreaterThan(900_000n)
})

test('behavior: what one payer misses is not hidden by what others have', () => {
  const missed = days(20, 60).map((at) => period(1, 'missed', at))
  const alone = derive([...provenBy([1]), ...missed]).scores.possession
  expect(derive([...provenBy([1]), ...provenBy([2, 3, 4], 90), ...missed]).scores.possession).toBe(alone)
})

test('behavior: a new operator has a share that grows with days and proofs', () => {
  const shareAfter = (proofs: number, until: number) =>
    Number(derive(provenBy([1], proofs), start + until * day).vetting.share) / 1e6
  expect(shareAfter(0, 0)).toBeCloseTo(0.05)
  expect(shareAfter(10, 21)).toBeCloseTo(0.525)
  expect(shareAfter(20, 10)).toBeCloseTo(0.5, 1)
  expect(shareAfter(20, 21)).toBe(1)
})

test('behavior: an audit without an answer is asked again before it counts against the bytes', () => {
  const ask = (hour: number, outcome = 'unanswered') => answer('audit', outcome, { at: hour * 3_600 })
  const base = provenBy([1], 1)
  const twice = derive([...base, ask(0), ask(1)], start + day)
  expect(twice.scores.integrity).toBe(ONE)
  expect(twice.contained).toMatchObject([{ payer: address(1), slab: slab(0), tries: 2 }])
  expect(derive([...base, ask(0), ask(1), ask(2)], start + day).scores.integrity).toBe(ONE)
  const failed = derive([...base, ask(0), ask(1), ask(7)], start + day)
  expect(failed.scores.integrity).toBeLessThan(ONE)
  expect(failed.changes.map(({ effect }) => effect)).toContain('failed_containment')
  const cleared = derive([...base, ask(0), ask(1), ask(7, 'right')], start + day)
  expect(cleared).toMatchObject({ contained: [], scores: { integrity: ONE } })
  expect(cleared.changes.map(({ effect }) => effect)).toContain('cleared')
})

test('behavior: scores stay within bounds, whatever is on record', () => {
  fc.assert(
    fc.property(manyRecords, (records) => {
      const { scores, placement } = derive(records)
      for (const value of [...DIMENSIONS.map((name) => scores[name]), placement]) {
        expect(value >= 0n && value <= ONE).toBe(true)
      }
    }),
  )
})

test('behavior: neither order nor repetition changes anything', () => {
  const shuffled = manyRecords.chain((records) =>
    fc.tuple(
      fc.constant(records),
      fc.shuffledSubarray([...records, ...records], { minLength: records.length * 2 }),
    ),
  )
  fc.assert(
    fc.property(shuffled, ([records, others]) => {
      expect(derive(others)).toEqual(derive(records))
    }),
  )
})

test('behavior: a better outcome in the place of a worse one lowers no score', () => {
  const better = { missed: 'proven', wrong: 'right', refused: 'served' } as Readonly<Record<string, string>>
  const lastOfDay = fc.record({ records: manyRecords, place: fc.nat() })
  fc.assert(
    fc.property(lastOfDay, ({ records, place }) => {
      // Records of one second are ordered by their hashes, which a change of outcome changes.
      const apart = records.map((record, i) => ({ ...record, at: record.at + i }))
      const record = apart[place % Math.max(1, apart.length)]
      fc.pre(record !== undefined && better[record.outcome] !== undefined)
      fc.pre(!(record!.kind === 'retrieval' && record!.outcome === 'wrong'))
      const improved = apart.map((one) =>
        one === record ? ({ ...one, outcome: better[one.outcome] } as ReputationRecord) : one,
      )
      const [worse, after] = [derive(apart).scores, derive(improved).scores]
      for (const name of DIMENSIONS) expect(after[name]).toBeGreaterThanOrEqual(worse[name])
    }),
  )
})

test('behavior: one bad payer cannot sink an operator, however much it says', () => {
  const lies = fc.array(
    fc.record({
      kind: fc.constantFrom('audit' as const, 'retrieval' as const),
      outcome: fc.constantFrom('wrong', 'unanswered'),
      hour: fc.nat(24 * 90),
      about: fc.nat(200),
    }),
    { minLength: 200, maxLength: 400 },
  )
  fc.assert(
    fc.property(lies, (said) => {
      const bad = said.map(({ kind, outcome, hour, about }) =>
        answer(kind, outcome, { payer: 9, at: hour * 3_600, about }),
      )
      const { scores } = derive([...provenBy([9], 90), ...bad], start + 90 * day)
      for (const name of DIMENSIONS) expect(scores[name]).toBeGreaterThanOrEqual(750_000n)
      expect(derivePlacement(scores, usual)).toBeGreaterThan(0n)
    }),
    { numRuns: 20 },
  )
})

test('behavior: many payers who find the same do', () => {
  const payers = days(10, 1)
  const refusals = payers.flatMap((payer) =>
    days(200).map((at) => answer('retrieval', 'refused', { payer, at: at * 21_600 })),
  )
  expect(derive([...provenBy(payers), ...refusals], start + 60 * day).placement).toBe(0n)
})

test('behavior: who has nothing under proof, and the owner, have no voice', () => {
  const refusals = [7, 250].flatMap((payer) =>
    days(200).map((at) => answer('retrieval', 'refused', { payer, at: at * 21_600 })),
  )
  const { scores, changes } = derive([...provenBy([1, 250]), ...refusals])
  expect(scores.retrieval).toBe(ONE)
  expect(changes.filter(({ effect }) => effect === 'own')).toHaveLength(200)
})

test('behavior: what is old fades', () => {
  const refusals = days(20).map((at) => answer('retrieval', 'refused', { at: at * day }))
  const scoreAfter = (until: number) =>
    derive([...provenBy([1]), ...refusals], start + until * day).scores.retrieval
  expect(scoreAfter(20)).toBeLessThan(920_000n)
  expect(scoreAfter(200)).toBeGreaterThan(980_000n)
})

test('behavior: two parties find the first record that they do not share', () => {
  const distinct = fc.uniqueArray(anyRecord, {
    minLength: 2,
    maxLength: 40,
    selector: (record) => toHex(serializeRecord(record)),
  })
  fc.assert(
    fc.property(distinct, fc.nat(), (records, place) => {
      const all = derive(records).changes
      const missing = place % all.length
      const fewer = derive(all.filter((_, i) => i !== missing).map(({ record }) => record)).changes
      expect(findDivergence(all, fewer)).toBe(missing)
      expect(findDivergence(all, all)).toBeUndefined()
    }),
  )
})

test('behavior: a record is read as it was written', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      expect(parseRecord(serializeRecord(record))).toEqual(record)
    }),
  )
})

test('error: bytes that are no record', () => {
  const error = expect.objectContaining({ code: 'malformed_record' })
  const bytes = serializeRecord(answer('audit', 'right'))
  const edited = (place: number, value: number) => bytes.map((byte, i) => (i === place ? value : byte))
  expect(() => parseRecord(bytes.subarray(1))).toThrow(error)
  expect(() => parseRecord(edited(0, 4))).toThrow(error)
  expect(() => parseRecord(edited(0, 0))).toThrow(error)
  expect(() => parseRecord(edited(1, 3))).toThrow(error)
  expect(() => parseRecord(edited(22, 1))).toThrow(error)
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 70, maxLength: 70 }), (random) => {
      try {
        expect(serializeRecord(parseRecord(random))).toEqual(random)
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'malformed_record' })
      }
    }),
  )
})

test('error: parameters that make no score', () => {
  const wrong = () => deriveReputation([], scope, { ...usual, keepAnswers: ONE })
  expect(wrong).toThrow(expect.objectContaining({ code: 'bad_parameters', field: 'keepAnswers' }))
})

test('behavior: the vectors', () => {
  const vectors = JSON.parse(
    readFileSync(new URL('../../../../specs/vectors/reputation.json', import.meta.url), 'utf8'),
  )
  const records = (vectors.records as Hex[]).map((text) => parseRecord(fromHex(text)))
  const { network, device, until } = vectors
  const found = deriveReputation(records.toReversed(), { network, device, until }, usual)
  expect(found.changes.map(({ hash }) => hash)).toEqual(vectors.order)
  expect(found.changes.map(({ effect }) => effect)).toEqual(vectors.effects)
  expect(found.head).toBe(vectors.head)
  expect(Object.entries(found.scores).map(([name, score]) => [name, String(score)])).toEqual(
    Object.entries(vectors.scores),
  )
  expect([found.placement, found.vetting.share].map(String)).toEqual([
    vectors.placement,
    vectors.vetting.share,
  ])
})
