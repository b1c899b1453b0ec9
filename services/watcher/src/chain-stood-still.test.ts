import { createClient, custom, numberToHex } from 'viem'
import { expect, test } from 'vitest'
import { chainStoodStill } from './chain-stood-still.ts'

const timeline = {
  genesis: 1000n,
  epochSeconds: 12,
  sealSeconds: 4,
  availabilitySeconds: 3,
  attestSeconds: 12,
  challengeSeconds: 10,
  responseSeconds: 6,
  queueSeconds: 2,
  exitSeconds: 90,
}

/** A chain with blocks of these times, from block 5 on. */
const chainOf = (times: readonly number[]) => ({
  deployment: { block: 5 },
  block: 5 + times.length - 1,
  history: { timeline },
  reader: {
    client: createClient({
      transport: custom({
        async request({ params }: { params: [string] }) {
          return {
            number: params[0],
            timestamp: numberToHex(times[Number(params[0]) - 5]!),
            transactions: [],
          }
        },
      }),
    }),
  },
})
const everySecond = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

// Epoch 0 is from 1000 to 1012, its sealing to 1016, and it may be committed late until 1031.
test('default: a chain that made blocks all the time did not, whatever it did later', async () => {
  expect(await chainStoodStill(chainOf(everySecond(990, 1040)), 0)).toBe(false)
  const later = [...everySecond(990, 1032), ...everySecond(50_000, 50_010)]
  expect(await chainStoodStill(chainOf(later), 0)).toBe(false)
})

test('behavior: one that slept from within the epoch, or from within the time for its commitment, until later did', async () => {
  const afterwards = everySecond(50_000, 50_010)
  expect(await chainStoodStill(chainOf([...everySecond(990, 1008), ...afterwards]), 0)).toBe(true)
  expect(await chainStoodStill(chainOf([...everySecond(990, 1014), ...afterwards]), 0)).toBe(true)
  expect(await chainStoodStill(chainOf([...everySecond(990, 1025), ...afterwards]), 0)).toBe(true)
})

test('behavior: one that was restarted within the epoch did: its ingest may have come back after it', async () => {
  const chain = chainOf([...everySecond(990, 1003), ...everySecond(1010, 1060)])
  expect(await chainStoodStill(chain, 0)).toBe(true)
  expect(await chainStoodStill(chain, 1)).toBe(false)
})
