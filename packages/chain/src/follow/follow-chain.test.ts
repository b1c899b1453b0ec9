import { type Address, numberToHex, padHex } from 'viem'
import { getBlockNumber } from 'viem/actions'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { create } from '../deploy/deploy-singletons.ts'
import type { Submitter } from '../submit/create-submitter.ts'
import { startTestChain, type TestChain } from '../submit/local-chain.fixture.ts'
import { type FollowedEvent, type FollowOptions, followChain } from './follow-chain.ts'
import { stone, stones, stonesAbi } from './stones.fixture.ts'

let local: TestChain
let submitter: Submitter
let to: Address
let fromBlock: number
beforeAll(async () => {
  local = await startTestChain()
  submitter = local.submitter(0)
}, 60_000)
beforeEach(async () => {
  to = await create(submitter, stones)
  fromBlock = Number(await getBlockNumber(local.client, { cacheTime: 0 }))
})
afterAll(() => local.chain.kill())

const put = async (...values: bigint[]) => {
  for (const value of values) await local.submitter(0).submit(stone(to, value))
}
const mine = (blocks: number) => local.rpc('anvil_mine', numberToHex(blocks))

/** Keeps what a follower says as a program would: a list that is cut back by rollbacks. */
function follow(options: Partial<FollowOptions> = {}) {
  let kept: FollowedEvent[] = []
  const rollbacks: number[] = []
  const follower = followChain({
    client: local.client,
    addresses: [to],
    abi: stonesAbi,
    fromBlock,
    onEvents: (events) => void kept.push(...events),
    onRollback: (last) => {
      rollbacks.push(last)
      kept = kept.filter(({ blockNumber }) => blockNumber <= last)
    },
    ...options,
  })
  return { follower, rollbacks, values: () => kept.map(({ args }) => args.value), events: () => kept }
}

test('default: gives out every event once, in order', async () => {
  const { follower, values, events, rollbacks } = follow()
  await put(1n, 2n)
  const result = await follower.sync()
  expect(result).toMatchObject({ events: 2, rolledBackTo: undefined })
  expect(follower.position).toBe(result.head)
  await put(3n)
  await Promise.all([follower.sync(), follower.sync()])
  await follower.sync()
  expect(values()).toEqual([1n, 2n, 3n])
  expect(events()[0]).toMatchObject({ eventName: 'Stone', logIndex: 0, blockNumber: fromBlock + 1 })
  expect(rollbacks).toEqual([])
})

test('behavior: one question where nothing is new, three for a new block', async () => {
  const { follower } = follow()
  await put(1n)
  await follower.sync()
  const asked = vi.spyOn(local.client, 'request')
  try {
    await follower.sync()
    expect(asked).toHaveBeenCalledTimes(1)
    asked.mockClear()
    await mine(1)
    asked.mockClear()
    await follower.sync()
    // The newest block, the events, and whether the block is still the newest.
    expect(
      asked.mock.calls.map((call: readonly unknown[]) => (call[0] as { method: string }).method),
    ).toEqual(['eth_getBlockByNumber', 'eth_getLogs', 'eth_getBlockByNumber'])
  } finally {
    asked.mockRestore()
  }
})

test('behavior: reads in ranges, and with a journal that is shorter than the way', async () => {
  await put(1n)
  await mine(150)
  await put(2n)
  const { follower, values } = follow({ maxRange: 7, journalBlocks: 5 })
  await follower.sync()
  expect(values()).toEqual([1n, 2n])
})

test('behavior: takes only events whose first topic is asked for', async () => {
  const key = padHex('0x01', { size: 32 })
  await submitter.submit(stone(to, 1n))
  await submitter.submit(stone(to, 2n, key))
  const { follower, values } = follow({ firstTopics: [key] })
  await follower.sync()
  expect(values()).toEqual([2n])
})

describe('reorg', () => {
  test('default: events of blocks that went are taken back', async () => {
    await put(1n)
    const { follower, values, rollbacks } = follow()
    await follower.sync()
    await put(2n, 3n)
    await follower.sync()
    expect(values()).toEqual([1n, 2n, 3n])
    await local.rpc('anvil_reorg', 2, [])
    const result = await follower.sync()
    expect(result.rolledBackTo).toBe(fromBlock + 1)
    expect(rollbacks).toEqual([fromBlock + 1])
    expect(values()).toEqual([1n])
    await put(4n)
    await follower.sync()
    expect(values()).toEqual([1n, 4n])
  })

  test('behavior: a head that went back, and came again with other blocks', async () => {
    const { follower, values } = follow()
    await put(1n)
    const snapshot = await local.rpc('evm_snapshot')
    await put(2n, 3n)
    await follower.sync()
    await local.rpc('evm_revert', snapshot)
    await follower.sync()
    expect(values()).toEqual([1n])
    expect(follower.position).toBe(fromBlock + 1)
    await put(5n)
    await follower.sync()
    expect(values()).toEqual([1n, 5n])
  })

  test('behavior: deeper than the journal, everything is read again', async () => {
    const { follower, values, rollbacks } = follow({ journalBlocks: 3 })
    await put(1n)
    await mine(2)
    await put(2n)
    await mine(10)
    await follower.sync()
    await local.rpc('anvil_reorg', 12, [])
    await follower.sync()
    expect(rollbacks).toEqual([fromBlock - 1])
    expect(values()).toEqual([1n])
  })

  test('behavior: while it reads, it begins anew', async () => {
    await put(1n, 2n)
    const { follower, values } = follow({
      client: interfere('eth_getLogs', () => local.rpc('anvil_reorg', 1, [])),
    })
    await follower.sync()
    expect(values()).toEqual([1n])
  })
})

test('behavior: a question that is too large is made smaller', async () => {
  await put(1n)
  await mine(40)
  await put(2n)
  const asked: number[] = []
  const client = {
    ...local.client,
    request: async (request: { method: string; params: [{ fromBlock: string; toBlock: string }] }) => {
      if (request.method === 'eth_getLogs') {
        const blocks = Number(request.params[0].toBlock) - Number(request.params[0].fromBlock) + 1
        asked.push(blocks)
        if (blocks > 10) throw new Error('query returned more than 10000 results')
      }
      return local.client.request(request as never)
    },
  }
  const { follower, values } = follow({ client: client as never })
  await follower.sync()
  expect(values()).toEqual([1n, 2n])
  expect(asked.some((blocks) => blocks > 10)).toBe(true)
})

test('behavior: the time of a block is there for the events that need it', async () => {
  await put(1n)
  const { follower, events } = follow({ timed: ['Stone'] })
  await follower.sync()
  expect(events()[0]?.timestamp).toBeGreaterThan(1_600_000_000)
})

test('error: where the receiver throws, the follower stays, and gives the events out again', async () => {
  await put(1n)
  const onEvents = vi.fn().mockRejectedValueOnce(new Error('disk full')).mockResolvedValue(undefined)
  const { follower } = follow({ onEvents })
  await expect(follower.sync()).rejects.toThrow('disk full')
  expect(follower.position).toBe(fromBlock - 1)
  await follower.sync()
  expect(onEvents).toHaveBeenCalledTimes(2)
  expect(onEvents.mock.calls[1]).toEqual(onEvents.mock.calls[0])
})

/** A client that runs `action` once, right after the first answer to `method`. */
function interfere(method: string, action: () => Promise<unknown>): FollowOptions['client'] {
  let isDone = false
  return {
    ...local.client,
    request: async (request: { method: string }) => {
      const answer = await local.client.request(request as never)
      if (request.method === method && !isDone) {
        isDone = true
        await action()
      }
      return answer
    },
  } as never
}
