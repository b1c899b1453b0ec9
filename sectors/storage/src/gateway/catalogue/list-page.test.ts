import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listPage } from './list-page.ts'

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** All pages of a listing, one after another, as entries in order. */
function listAll(keys: readonly string[], prefix: string, delimiter: string, limit: number): string[] {
  const rows = keys.toSorted(byBytes).map((key) => ({ key }))
  const seek = (from: Buffer, to: Buffer) =>
    rows.filter(
      ({ key }) => Buffer.compare(Buffer.from(key), from) >= 0 && Buffer.compare(Buffer.from(key), to) < 0,
    )
  const entries: string[] = []
  for (let after: string | undefined; ; ) {
    const page = listPage({ prefix, delimiter, after, limit }, seek)
    expect(page.rows.length + page.prefixes.length).toBeLessThanOrEqual(limit)
    entries.push(...page.rows.map(({ key }) => key), ...page.prefixes.map((text) => `${text}*`))
    if (page.next === undefined) return entries.toSorted(byBytes)
    after = page.next
  }
}

/** The same by looking at every key. */
function expected(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const entries = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
      return at < 0 ? key : `${key.slice(0, at + delimiter.length)}*`
    })
  return [...new Set(entries)].toSorted(byBytes)
}

test('behavior: pages of any size give every key and every rolled-up prefix once', () => {
  const key = fc.string({
    unit: fc.constantFrom('a', 'b', '/', '語', '\u{10ffff}', '\u0001'),
    minLength: 1,
    maxLength: 6,
  })
  const keys = fc.uniqueArray(key, { maxLength: 20 })
  const delimiter = fc.constantFrom('', '/', 'a', '//')
  fc.assert(
    fc.property(
      keys,
      fc.oneof(fc.constant(''), key),
      delimiter,
      fc.integer({ min: 1, max: 5 }),
      (all, prefix, cut, limit) => {
        expect(listAll(all, prefix, cut, limit)).toEqual(expected(all, prefix, cut))
      },
    ),
    { numRuns: 1000 },
  )
})

test('behavior: a page of nothing is the last', () => {
  expect(listPage({ prefix: '', delimiter: '', after: undefined, limit: 0 }, () => [{ key: 'a' }])).toEqual({
    rows: [],
    prefixes: [],
    next: undefined,
  })
})
