import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { datagramArbitrary } from './arbitraries.ts'
import { parseDatagram, serializeDatagram } from './datagram.ts'
import { SemtechUdpError } from './error.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 2000)

/** Generous on a loaded machine; a parser that goes quadratic on 64 kB takes seconds. */
const LIMIT_MS = 1000

/** Parses, lets only the typed error through, and holds what was accepted against its own re-encoding. */
const survive = (bytes: Uint8Array): void => {
  const startedMs = performance.now()
  try {
    const value = parseDatagram(bytes)
    expect(parseDatagram(serializeDatagram(value))).toEqual(value)
  } catch (error) {
    if (!(error instanceof SemtechUdpError)) throw error
    expect(error.message.length).toBeLessThan(600)
  }
  expect(performance.now() - startedMs).toBeLessThan(LIMIT_MS)
}

const framed = (identifier: number, body: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from([2, 0, 0, identifier, 0, 0, 0, 0, 0, 0, 0, 0]), body])

type Edit = { readonly at: number; readonly kind: 'set' | 'insert' | 'remove'; readonly byte: number }

const edit = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('set' as const, 'insert' as const, 'remove' as const),
  // JSON's own punctuation and digits reach deeper states than uniform bytes do.
  byte: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[]",:-.0123456789eEntf='))),
})

const mutate = (bytes: Uint8Array, edits: readonly Edit[]): Uint8Array => {
  const list = [...bytes]
  for (const { at, kind, byte } of edits) {
    const index = at % (list.length + 1)
    list.splice(index, kind === 'insert' ? 0 : 1, ...(kind === 'remove' ? [] : [byte]))
  }
  return Uint8Array.from(list)
}

describe(`behavior: fuzz, ${numRuns} runs each`, { timeout: 600_000 }, () => {
  test('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), survive), { numRuns })
  })

  test('random JSON under every identifier', () => {
    const body = fc.json({ maxDepth: 6 }).map((text) => new Uint8Array(Buffer.from(text)))
    fc.assert(
      fc.property(fc.nat(5), body, (identifier, json) => survive(framed(identifier, json))),
      { numRuns },
    )
  })

  test('valid datagrams with a few bytes changed', () => {
    const edits = fc.array(edit, { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(datagramArbitrary, edits, (datagram, list) =>
        survive(mutate(serializeDatagram(datagram), list)),
      ),
      { numRuns },
    )
  })

  test('valid packets with a field replaced by any JSON value', () => {
    const names = [
      'tmst',
      'time',
      'tmms',
      'freq',
      'stat',
      'modu',
      'datr',
      'codr',
      'rssi',
      'lsnr',
      'size',
      'data',
      'rsig',
    ]
    const packet = {
      tmst: 1,
      freq: 868.1,
      stat: 1,
      modu: 'LORA',
      datr: 'SF7BW125',
      codr: '4/5',
      rssi: -1,
      lsnr: 1,
      size: 1,
      data: 'AA==',
    }
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, value) => {
        survive(framed(0, Buffer.from(JSON.stringify({ rxpk: [{ ...packet, [name]: value }] }))))
      }),
      { numRuns },
    )
  })
})

describe('behavior: largest hostile bodies stay cheap', () => {
  test.each([
    ['nesting', '['.repeat(65_495)],
    ['a closed nesting', `{"rxpk":${'['.repeat(32_000)}${']'.repeat(32_000)}}`],
    ['one long number', `{"rxpk":[{"tmst":${'9'.repeat(65_000)}}]}`],
    ['one long string', `{"rxpk":[{"modu":"FSK","datr":"${'a'.repeat(65_000)}"}]}`],
    ['many keys', `{${Array.from({ length: 7000 }, (_, i) => `"k${i}":0`).join(',')}}`],
    ['many empty packets', `{"rxpk":[${'{},'.repeat(21_000)}{}]}`],
    ['prototype names', '{"__proto__":{"rxpk":[{}]},"constructor":1,"rxpk":[]}'],
  ])('%s', (_, body) => survive(framed(0, Buffer.from(body))))
})
