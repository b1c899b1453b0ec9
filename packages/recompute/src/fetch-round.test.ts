import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fetchRound, RoundError } from './fetch-round.ts'

const chainHash = `0x${'04'.repeat(32)}` as const
const signature = 'ab'.repeat(64)
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const source = { urls: ['http://a', 'http://b'], chainHash }

describe('fetchRound', () => {
  test('default: the first endpoint that has it', async () => {
    const asked: string[] = []
    const found = await fetchRound(7n, source, async (url) => {
      asked.push(url)
      if (url.startsWith('http://a')) throw new Error('404')
      return encode({ round: 7, randomness: 'ignored', signature })
    })
    expect(found).toBe(`0x${signature}`)
    expect(asked).toEqual([`http://a/${'04'.repeat(32)}/public/7`, `http://b/${'04'.repeat(32)}/public/7`])
  })

  test('error: another round, another scheme, no JSON, an endless answer', async () => {
    for (const answer of [
      encode({ round: 8, signature }),
      encode({ round: '7', signature }),
      encode({ round: 7, signature: 'ab'.repeat(48) }),
      encode({ round: 7 }),
      encode(null),
      new TextEncoder().encode('<html>'),
    ]) {
      await expect(fetchRound(7n, source, async () => answer)).rejects.toThrow(RoundError)
    }
    const refused = fetchRound(7n, source, async (_, maxBytes) => {
      throw new Error(`more than ${maxBytes} bytes`)
    })
    await expect(refused).rejects.toMatchObject({ code: 'round_unavailable' })
  })

  test('error: whatever an endpoint answers, it is a signature of this round or a RoundError', async () => {
    const answer = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.json().map((text) => new TextEncoder().encode(text)),
    )
    await fc.assert(
      fc.asyncProperty(answer, async (bytes) => {
        await expect(fetchRound(7n, source, async () => bytes)).rejects.toThrow(RoundError)
      }),
      { numRuns: 300 },
    )
  })
})
