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

// Epoch 0 ends at 1012, its sealing at 1016.
test('default: a chain that made blocks all the time did not', async () => {
  expect(await chainStoodStill(chainOf(everySecond(1000, 1030)), 0)).toBe(false)
})

test('behavior: one that slept from within the epoch, or from early in its sealing, until later did', async () => {
  const afterwards = everySecond(50_000, 50_010)
  expect(await chainStoodStill(chainOf([...everySecond(1000, 1008), ...afterwards]), 0)).toBe(true)
  expect(await chainStoodStill(chainOf([...everySecond(1000, 1014), ...afterwards]), 0)).toBe(true)
})

test('behavior: an ingest that let its time pass before the chain slept has no excuse', async () => {
  const chain = chainOf([...everySecond(1000, 1016), ...everySecond(50_000, 50_010)])
  expect(await chainStoodStill(chain, 0)).toBe(false)
})
