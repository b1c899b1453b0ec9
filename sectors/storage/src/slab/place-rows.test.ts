import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countPlaces, type PlacementCandidate, type PlacementRequest, placeRows } from './place-rows.ts'

const candidate = (device: number, more: Partial<PlacementCandidate> = {}): PlacementCandidate => ({
  device,
  owner: `owner-${device}`,
  network: `10.0.${device}.0/24`,
  country: 'CH',
  freeBytes: 1_000_000,
  sharePpm: 1_000_000,
  pricePerTib: 5n,
  ...more,
})
const request = (more: Partial<PlacementRequest> = {}): PlacementRequest => ({
  rows: 4,
  rowBytes: 1000,
  rules: { rowsPerOperator: 1 },
  seed: 1,
  ...more,
})
const many = Array.from({ length: 8 }, (_, i) => candidate(i))

const anyCandidates = fc
  .array(
    fc.record({
      owner: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      network: fc.constantFrom('n1', 'n2', 'n3', 'n4'),
      country: fc.constantFrom('CH', 'DE', 'FR'),
      freeBytes: fc.constantFrom(0, 1000, 2500, 1e9),
      sharePpm: fc.integer({ min: 1, max: 1_000_000 }),
      pricePerTib: fc.bigInt(0n, 10n),
    }),
    { maxLength: 20 },
  )
  .map((all) => all.map((fields, device) => ({ device, ...fields })))

const anyRequest = fc.record({
  rows: fc.integer({ min: 1, max: 8 }),
  rowBytes: fc.constant(1000),
  seed: fc.nat(),
  rules: fc.record({
    rowsPerOperator: fc.integer({ min: 1, max: 3 }),
    countries: fc.constantFrom(undefined, new Set(['CH', 'DE'])),
    mostPricePerTib: fc.constantFrom(undefined, 5n),
  }),
  excluded: fc.uniqueArray(fc.nat(19)).map((devices) => new Set(devices)),
})

test('behavior: what is chosen keeps every rule, and is the same again', () => {
  fc.assert(
    fc.property(anyCandidates, anyRequest, (candidates, asked) => {
      const places = countPlaces(candidates, asked, asked.rows)
      if (places < asked.rows) {
        expect(() => placeRows(candidates, asked)).toThrowError(
          expect.objectContaining({ code: 'too_few_operators' }),
        )
        return
      }
      const chosen = placeRows(candidates, asked)
      expect(chosen).toHaveLength(asked.rows)
      for (const { owner, device, country, pricePerTib, freeBytes } of chosen) {
        expect(chosen.filter((other) => other.owner === owner).length).toBeLessThanOrEqual(
          asked.rules.rowsPerOperator,
        )
        expect(chosen.filter((other) => other.device === device).length * asked.rowBytes).toBeLessThanOrEqual(
          freeBytes,
        )
        expect(asked.excluded.has(device)).toBe(false)
        expect(asked.rules.countries?.has(country) ?? true).toBe(true)
        expect(pricePerTib <= (asked.rules.mostPricePerTib ?? 10n)).toBe(true)
      }
      expect(placeRows(candidates, asked)).toEqual(chosen)
      expect(placeRows(candidates.toReversed(), asked)).toEqual(chosen)
    }),
    { numRuns: 1000 },
  )
})

test('behavior: with one row to an operator, places are as many as there are operators that fit', () => {
  fc.assert(
    fc.property(anyCandidates, fc.nat(), (candidates, seed) => {
      const owners = new Set(
        candidates.filter(({ freeBytes }) => freeBytes >= 1000).map(({ owner }) => owner),
      ).size
      expect(countPlaces(candidates, request({ seed }), 100)).toBe(owners)
    }),
  )
})

test('behavior: networks first, then countries', () => {
  const sameNetwork = [0, 1, 2, 3].map((i) => candidate(i, { network: 'one' }))
  const others = [4, 5, 6].map((i) => candidate(i))
  const chosen = placeRows([...sameNetwork, ...others], request())
  expect(chosen.filter(({ network }) => network === 'one')).toHaveLength(1)
  const countries = placeRows(
    many.map((one, i) => ({ ...one, country: i < 6 ? 'CH' : i === 6 ? 'DE' : 'FR' })),
    request({ rows: 3 }),
  )
  expect(new Set(countries.map(({ country }) => country)).size).toBe(3)
})

test('behavior: a share is that of the slabs an operator could have a row of; without any it has none', () => {
  const shares = [1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 500_000, 50_000, 0]
  const candidates = many.map((one, i) => ({ ...one, sharePpm: shares[i]! }))
  const counts = Array<number>(8).fill(0)
  for (let seed = 0; seed < 4_000; seed++)
    for (const { device } of placeRows(candidates, request({ seed }))) counts[device]! += 1
  const [full, , , , , half, vetted, none] = counts as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  expect(half / full).toBeGreaterThan(0.45)
  expect(half / full).toBeLessThan(0.55)
  expect(vetted / full).toBeGreaterThan(0.03)
  expect(vetted / full).toBeLessThan(0.07)
  expect(none).toBe(0)
})

test('behavior: where there are not enough others, those that sit out are taken: a network of new operators works', () => {
  const candidates = many.map((one) => ({ ...one, sharePpm: 50_000 }))
  for (let seed = 0; seed < 20; seed++)
    expect(placeRows(candidates, request({ rows: 8, seed }))).toHaveLength(8)
})

test('behavior: seeds spread slabs over equals', () => {
  const used = new Set(
    Array.from({ length: 50 }, (_, seed) => placeRows(many, request({ seed })))
      .flat()
      .map(({ device }) => device),
  )
  expect(used.size).toBe(many.length)
})

test('behavior: a replacement goes to an operator that has no row of the slab', () => {
  const held = [0, 1, 2, 3, 4, 5]
  for (let seed = 0; seed < 20; seed++) {
    const [spare] = placeRows(many, request({ rows: 1, seed, holders: held, excluded: new Set([6]) }))
    expect(spare?.device).toBe(7)
  }
})

test('error: too few operators, with the reasons', () => {
  const candidates = [
    candidate(0),
    candidate(1, { freeBytes: 10 }),
    candidate(2, { country: 'FR' }),
    candidate(3, { pricePerTib: 9n }),
    candidate(4),
    candidate(5, { sharePpm: 0 }),
  ]
  const rules = { rowsPerOperator: 1, countries: new Set(['CH']), mostPricePerTib: 8n }
  expect(() => placeRows(candidates, request({ rules, excluded: new Set([4]) }))).toThrowError(
    expect.objectContaining({
      code: 'too_few_operators',
      meta: { needed: 4, placed: 1, known: 6, excluded: 1, full: 1, country: 1, price: 1, reputation: 1 },
    }),
  )
})
