import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseNetworkId, signedContent } from '@cairn/protocol'
import {
  createLogger,
  createVerifyP256,
  deviceSigner,
  generateDevicePrivateKey,
  manualClock,
} from '@cairn/runtime'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Agent, type AgentOptions, createAgent } from './create-agent.ts'
import { type FakeIngest, recoverFake, startFakeIngest } from './fake-ingest.fixture.ts'
import { createReceiptStore } from './receipt-store.ts'

const network = parseNetworkId(`0x${'a9'.repeat(28)}`)
const genesisMs = 1_700_000_000_000
const epochMs = 600_000
const timeline = { genesisMs, epochMs }
const inEpoch3 = genesisMs + 3 * epochMs + 100_000
const log = createLogger({ name: 'test', level: 'silent' })
const roof = { name: 'roof', index: 4, signer: deviceSigner(generateDevicePrivateKey()) }
const mast = { name: 'mast', index: 9, signer: deviceSigner(generateDevicePrivateKey()) }

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function startIngest(clockMs: () => number = () => inEpoch3, port = 0): Promise<FakeIngest> {
  const ingest = await startFakeIngest(network, clockMs, port)
  open.push(() => ingest.close())
  return ingest
}

/** An agent on a clock that stands still, whose reports go out at every tick. */
async function startAgent(
  ingests: readonly { url: string; address?: `0x${string}` }[],
  more: Partial<AgentOptions> = {},
) {
  const clock = manualClock(inEpoch3)
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-agent-'))
  const agent = createAgent({
    network,
    timeline,
    devices: [roof, mast],
    ingests: ingests.map(({ url, address }) => (address === undefined ? { url } : { url, address })),
    dataDir,
    clock,
    log,
    fetch,
    random: () => 0.5,
    recoverSigner: recoverFake,
    reportIntervalMs: 0,
    ...more,
  })
  await agent.start()
  await agent.tick()
  open.push(() => agent.stop())
  const folder = join(more.dataDir ?? dataDir, network)
  return { agent, clock: (more.clock as typeof clock) ?? clock, dataDir: more.dataDir ?? dataDir, folder }
}

const observation = (i: number): Uint8Array => new Uint8Array(20).fill(i)
const emit = (agent: Agent, count: number, receivedMs = inEpoch3, device = 'roof'): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, (_, i) => agent.emit(device, observation(i), receivedMs)))
const deadLettersOf = (folder: string): { code: string; observation: string; device: number }[] =>
  readFileSync(join(folder, 'dead-letters.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('default', () => {
  test('observations become signed reports of the open epoch, whose receipts are kept and passed on', async () => {
    const ingest = await startIngest()
    const watcher = await startIngest()
    const { agent, folder } = await startAgent([ingest], { watchers: [watcher.url] })
    await emit(agent, 3)
    await emit(agent, 2, inEpoch3, 'mast')
    await agent.tick()
    expect(ingest.accepted.map(({ header }) => [header.device, header.epoch, header.count])).toEqual([
      [4, 3, 3],
      [9, 3, 2],
    ])
    const [report] = ingest.accepted
    expect(createVerifyP256()(roof.signer.key, signedContent(report!.headerBytes), report!.signature)).toBe(
      true,
    )
    expect(report!.observations).toEqual([0, 1, 2].map(observation))
    const stored = await createReceiptStore(join(folder, 'receipts')).read(3)
    expect(stored.map(({ ingest }) => ingest)).toEqual([ingest.url, ingest.url])
    expect(watcher.posted).toEqual([{ receipts: stored.map(({ receipt }) => receipt) }])
    expect(agent.status()).toMatchObject({
      epoch: 3,
      clockOffsetMs: 0,
      outbox: { observations: 0, reports: 0 },
      ingests: [{ accepted: 2, failures: 0 }],
      watchers: [{ forwarded: 2, waiting: 0 }],
      deadLetters: {},
    })
  })

  test('the driver emits into the agent and is stopped before it', async () => {
    const ingest = await startIngest()
    const events: string[] = []
    const { agent } = await startAgent([ingest], {
      driver: ({ emit }) => ({
        start: () => emit('mast', observation(1), inEpoch3),
        stop: async () => void events.push('stopped'),
        status: () => ({ isRunning: true, listensOn: undefined, counts: {}, problems: [] }),
      }),
    })
    await agent.tick()
    expect(ingest.accepted).toHaveLength(1)
    await agent.stop()
    await agent.done
    expect(events).toContain('stopped')
    await expect(agent.emit('mast', observation(1), inEpoch3)).rejects.toMatchObject({
      code: 'outbox_closed',
    })
  })
})

describe('behavior: when reports are built', () => {
  test('after the interval, at the batch size, and before the epoch ends', async () => {
    const ingest = await startIngest(() => clock.now())
    const clock = manualClock(inEpoch3)
    const { agent } = await startAgent([ingest], { clock, reportIntervalMs: 10_000, batchObservations: 4 })
    await emit(agent, 3)
    await agent.tick()
    expect(ingest.accepted).toHaveLength(0)
    await emit(agent, 3, inEpoch3, 'mast')
    await emit(agent, 2, inEpoch3, 'mast')
    await agent.tick()
    expect(ingest.accepted.map(({ header }) => [header.device, header.count])).toEqual([
      [9, 4],
      [9, 1],
    ])
    clock.advance(10_000)
    await agent.tick()
    expect(ingest.accepted.at(-1)!.header).toMatchObject({ device: 4, count: 3 })
    clock.advance(genesisMs + 4 * epochMs - 5_000 - clock.now())
    await emit(agent, 1, clock.now())
    await agent.tick()
    expect(ingest.accepted.at(-1)!.header).toMatchObject({ device: 4, count: 1, epoch: 3 })
  })

  test('observations too large for one report are spread over several', async () => {
    const ingest = await startIngest()
    const { agent } = await startAgent([ingest], { batchObservations: 1024 })
    await Promise.all(Array.from({ length: 200 }, () => agent.emit('roof', new Uint8Array(1024), inEpoch3)))
    await agent.tick()
    expect(ingest.accepted.map(({ header }) => header.count)).toEqual([127, 73])
  })

  test('nothing is built before genesis', async () => {
    const ingest = await startIngest(() => genesisMs - 1)
    const { agent } = await startAgent([ingest])
    await emit(agent, 1, genesisMs - 1)
    await agent.tick()
    expect(agent.status()).toMatchObject({ epoch: undefined, outbox: { observations: 1, reports: 0 } })
  })
})

describe('behavior: failover', () => {
  test('an ingest that can not be reached is passed over, and used again when it is back', async () => {
    const first = await startIngest()
    const second = await startIngest()
    const { agent, clock } = await startAgent([first, second])
    const port = Number(new URL(first.url).port)
    await first.close()
    await emit(agent, 1)
    await agent.tick()
    expect(second.accepted).toHaveLength(1)
    expect(agent.status().ingests[0]!.failures).toBeGreaterThan(0)
    const back = await startIngest(() => inEpoch3, port)
    clock.advance(30_000)
    await emit(agent, 1)
    await agent.tick()
    expect(back.accepted).toHaveLength(1)
    expect(second.accepted).toHaveLength(1)
    expect(agent.status().ingests[0]).toMatchObject({ failures: 0, accepted: 1 })
  })

  test('a report whose answer was lost goes elsewhere as it is, and to the first again it is no new one', async () => {
    const first = await startIngest()
    const second = await startIngest()
    const { agent, clock } = await startAgent([first, second])
    const lose: FakeIngest['answer'] = (response) => void response.destroy()
    first.answer = lose
    second.answer = lose
    await emit(agent, 2)
    await agent.tick()
    expect(agent.status().outbox).toMatchObject({ observations: 2, reports: 1 })
    first.answer = undefined
    clock.advance(1_000)
    await agent.tick()
    expect(agent.status().outbox).toMatchObject({ observations: 0, reports: 0 })
    expect(first.accepted).toHaveLength(1)
    expect(first.offered).toHaveLength(2)
    expect(second.accepted.map(({ headerBytes }) => headerBytes)).toEqual([first.accepted[0]!.headerBytes])
  })

  test('a restart delivers what was kept, and never uses a sequence twice', async () => {
    const ingest = await startIngest()
    const dataDir = mkdtempSync(join(tmpdir(), 'cairn-agent-'))
    ingest.answer = (response) => void response.destroy()
    const clocks = [manualClock(inEpoch3), manualClock(inEpoch3)]
    const before = await startAgent([ingest], { dataDir, clock: clocks[0]! })
    await emit(before.agent, 1)
    await before.agent.tick()
    await emit(before.agent, 1)
    await before.agent.stop()
    ingest.answer = undefined
    const after = await startAgent([ingest], { dataDir, clock: clocks[1]! })
    await after.agent.tick()
    expect(after.agent.status().outbox).toMatchObject({ observations: 0, reports: 0 })
    const sequences = ingest.accepted.map(({ header }) => header.sequence)
    expect(new Set(sequences).size).toBe(2)
    expect(ingest.accepted).toHaveLength(2)
  })
})

describe('behavior: clocks', () => {
  test('an agent an hour behind reports by the ingest’s clock', async () => {
    const ingest = await startIngest(() => inEpoch3 + 3_600_000)
    const { agent } = await startAgent([ingest])
    expect(agent.status()).toMatchObject({ clockOffsetMs: 3_600_000, epoch: 9 })
    await emit(agent, 1, inEpoch3 + 3_600_000)
    await agent.tick()
    expect(ingest.accepted[0]!.header).toMatchObject({ epoch: 9, timeMs: inEpoch3 + 3_600_000 })
  })

  test('one ingest of three can not move the clock', async () => {
    const ingests = [await startIngest(() => 0), await startIngest(), await startIngest(() => inEpoch3 + 40)]
    const { agent } = await startAgent(ingests)
    expect(agent.status().clockOffsetMs).toBe(0)
  })

  test.for(['wrong_epoch', 'sealed', 'clock_skew'])(
    '%s: the clock is read and the report built again',
    async (code) => {
      let ahead = 0
      const ingest = await startIngest(() => inEpoch3 + ahead)
      const { agent } = await startAgent([ingest], { keepForMs: epochMs })
      ahead = epochMs
      ingest.judge = ({ epoch }) => (epoch === 4 ? undefined : { code })
      await emit(agent, 2)
      await agent.tick()
      expect(agent.status().outbox).toMatchObject({ observations: 2, reports: 0 })
      await agent.tick()
      expect(ingest.accepted.map(({ header }) => [header.epoch, header.count])).toEqual([[4, 2]])
      expect(agent.status()).toMatchObject({ clockOffsetMs: epochMs, outbox: { observations: 0 } })
    },
  )

  test('reports of an epoch that is over are built again while their observations can still count', async () => {
    const clock = manualClock(inEpoch3)
    const ingest = await startIngest(() => clock.now())
    const { agent, folder } = await startAgent([ingest], { clock })
    ingest.answer = (response) => void response.destroy()
    const endMs = genesisMs + 4 * epochMs
    await emit(agent, 1, endMs - 60_001)
    await emit(agent, 1, endMs - 60_000)
    await agent.tick()
    ingest.answer = undefined
    clock.advance(endMs + 1_999 - clock.now())
    ingest.judge = () => ({ code: 'rate_limited' })
    await agent.tick()
    expect(agent.status().outbox.reports).toBe(1)
    ingest.judge = () => undefined
    clock.advance(5_000)
    await agent.tick()
    await agent.tick()
    const header = ingest.accepted.at(-1)!.header
    expect(header).toMatchObject({ epoch: 4, count: 1 })
    expect(deadLettersOf(folder)).toMatchObject([{ code: 'too_old', device: 4 }])
    expect(agent.status()).toMatchObject({ outbox: { observations: 0 }, deadLetters: { too_old: 1 } })
  })
})

describe('behavior: rejections', () => {
  test('rate_limited: the ingest is left alone and another one asked', async () => {
    const first = await startIngest()
    const second = await startIngest()
    const { agent } = await startAgent([first, second])
    first.judge = () => ({ code: 'rate_limited' })
    await emit(agent, 1)
    await agent.tick()
    await emit(agent, 1)
    await agent.tick()
    expect(first.offered).toHaveLength(1)
    expect(second.accepted).toHaveLength(2)
  })

  test('duplicate_sequence: the observations get another sequence', async () => {
    const ingest = await startIngest()
    const { agent } = await startAgent([ingest])
    const seen: number[] = []
    ingest.judge = ({ sequence }) => (seen.push(sequence) === 1 ? { code: 'duplicate_sequence' } : undefined)
    await emit(agent, 1)
    await agent.tick()
    await agent.tick()
    expect(ingest.accepted).toHaveLength(1)
    expect(seen[1]).toBe(seen[0]! + 1)
  })

  test('an observation that comes back again and again is set aside', async () => {
    const ingest = await startIngest()
    const { agent, folder } = await startAgent([ingest])
    ingest.judge = () => ({ code: 'duplicate_sequence' })
    await emit(agent, 1)
    for (let i = 0; i < 10; i++) await agent.tick()
    expect(ingest.offered).toHaveLength(6)
    expect(deadLettersOf(folder)).toMatchObject([{ code: 'came_back_too_often' }])
    expect(agent.status().outbox.observations).toBe(0)
  })

  test.for([
    'malformed_report',
    'wrong_network',
    'unknown_device',
    'revoked_device',
    'bad_signature',
    'body_mismatch',
    'a_code_of_tomorrow',
  ])('%s: set aside with the reason when no ingest takes it', async (code) => {
    const first = await startIngest()
    const second = await startIngest()
    const { agent, folder } = await startAgent([first, second])
    first.judge = ({ device }) => (device === 4 ? { code } : undefined)
    second.judge = first.judge
    await emit(agent, 2)
    await emit(agent, 1, inEpoch3, 'mast')
    await agent.tick()
    expect(first.accepted.map(({ header }) => header.device)).toEqual([9])
    expect(deadLettersOf(folder)).toMatchObject([
      {
        code,
        message: `Not this one: ${code}.`,
        fix: 'Mend it.',
        device: 4,
        observation: `0x${'00'.repeat(20)}`,
      },
      { code, observation: `0x${'01'.repeat(20)}` },
    ])
    expect(agent.status().outbox).toMatchObject({ observations: 0, reports: 0 })
  })

  test('what one ingest refuses another may take', async () => {
    const first = await startIngest()
    const second = await startIngest()
    const { agent } = await startAgent([first, second])
    first.judge = () => ({ code: 'bad_signature' })
    await emit(agent, 1)
    await agent.tick()
    expect(second.accepted).toHaveLength(1)
    expect(agent.status()).toMatchObject({
      deadLetters: {},
      ingests: [{ rejected: { bad_signature: 1 } }, {}],
    })
  })

  test('epoch_full: the report waits, is not offered again, and is built anew in the next epoch', async () => {
    const clock = manualClock(inEpoch3)
    const ingest = await startIngest(() => clock.now())
    const { agent } = await startAgent([ingest], { clock, keepForMs: epochMs })
    ingest.judge = ({ epoch }) => (epoch === 3 ? { code: 'epoch_full' } : undefined)
    await emit(agent, 1)
    await agent.tick()
    await agent.tick()
    expect(ingest.offered).toHaveLength(1)
    expect(agent.status().outbox.reports).toBe(1)
    clock.advance(epochMs)
    await agent.tick()
    await agent.tick()
    expect(ingest.accepted.map(({ header }) => header.epoch)).toEqual([4])
  })
})

describe('error: ingests that lie or babble', () => {
  test('a second agent over the same outbox is refused, for it would give one sequence number to two reports', async () => {
    const { dataDir } = await startAgent([await startIngest()])
    await expect(startAgent([await startIngest()], { dataDir })).rejects.toMatchObject({
      code: 'folder_in_use',
    })
  })

  const answers: [string, NonNullable<FakeIngest['answer']>, string][] = [
    ['not JSON', (response) => void response.end('<html>'), 'is not JSON'],
    ['empty', (response) => void response.end(), 'can not be used'],
    ['no results', (response) => void response.end('{}'), 'can not be used'],
    ['too few results', (response) => void response.end('{"results":[]}'), 'can not be used'],
    [
      'a result of no kind',
      (response) => void response.end('{"results":[{"status":"maybe"}]}'),
      'neither accepted nor rejected',
    ],
    [
      'a code that is none',
      (response) => void response.end('{"results":[{"status":"rejected","code":"__proto__ "}]}'),
      'neither accepted nor rejected',
    ],
    [
      'a receipt that is none',
      (response) => void response.end('{"results":[{"status":"accepted","receipt":{}}]}'),
      'no receipt',
    ],
    [
      'status 500',
      (response, results) => void response.writeHead(500).end(JSON.stringify({ results })),
      'status 500',
    ],
    [
      'a redirect',
      (response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      'can not be reached',
    ],
    ['too long', (response) => void response.end(`{"results":[${' '.repeat(200_000)}]}`), 'more than'],
    ['without end', (response) => void flood(response), 'more than'],
  ]
  const flood = (response: Parameters<NonNullable<FakeIngest['answer']>>[0]): void => {
    const chunk = Buffer.alloc(65_536, 0x20)
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  }

  test.for(answers)('%s: nothing is lost and another ingest is used', async ([, answer, problem]) => {
    const first = await startIngest()
    const second = await startIngest()
    const { agent, folder } = await startAgent([first, second])
    first.answer = answer
    await emit(agent, 1)
    await agent.tick()
    expect(second.accepted).toHaveLength(1)
    expect(agent.status().outbox.observations).toBe(0)
    expect(agent.status().ingests[0]).toMatchObject({ failures: 1, accepted: 0 })
    expect(agent.status().ingests[0]!.lastProblem).toContain(problem)
    const stored = await createReceiptStore(join(folder, 'receipts')).read(3)
    expect(stored.map(({ ingest }) => ingest)).toEqual([second.url])
  })

  const other = `0x${'99'.repeat(32)}` as const
  const bends: [string, FakeIngest['bend']][] = [
    ['another report', (receipt) => ({ ...receipt, recordHash: other })],
    ['another root', (receipt) => ({ ...receipt, group: { ...receipt.group, batchRoot: other } })],
    ['another epoch', (receipt) => ({ ...receipt, group: { ...receipt.group, epoch: 4 } })],
    [
      'another network',
      (receipt) => ({
        ...receipt,
        group: { ...receipt.group, network: parseNetworkId(`0x${'01'.repeat(28)}`) },
      }),
    ],
    ['another signer', (receipt) => ({ ...receipt, signature: `0x${'77'.repeat(65)}` })],
  ]
  test.for(bends)('a receipt of %s is refused, and the report goes elsewhere', async ([, bend]) => {
    const first = await startIngest()
    const second = await startIngest()
    const { agent, clock } = await startAgent([first, second])
    first.bend = bend
    await emit(agent, 1)
    await agent.tick()
    expect(second.accepted).toHaveLength(1)
    expect(agent.status().ingests[0]).toMatchObject({ accepted: 0, failures: 1 })
    clock.advance(60_000)
    await emit(agent, 1, inEpoch3 + 60_000)
    await agent.tick()
    expect(first.offered).toHaveLength(1)
  })

  test('a signer is not asked about when nobody knows the ingest’s account', async () => {
    const ingest = await startIngest()
    const { agent } = await startAgent([{ url: ingest.url }])
    ingest.bend = (receipt) => ({ ...receipt, signature: `0x${'77'.repeat(65)}` })
    await emit(agent, 1)
    await agent.tick()
    expect(agent.status().ingests[0]!.accepted).toBe(1)
  })

  test('a watcher that is away gets its receipts later', async () => {
    const ingest = await startIngest()
    const watcher = await startIngest()
    const port = Number(new URL(watcher.url).port)
    await watcher.close()
    const { agent, clock } = await startAgent([ingest], { watchers: [watcher.url] })
    await emit(agent, 1)
    await agent.tick()
    expect(agent.status().watchers[0]).toMatchObject({ waiting: 1, forwarded: 0 })
    const back = await startIngest(() => inEpoch3, port)
    clock.advance(2_000)
    await agent.tick()
    expect(back.posted).toHaveLength(1)
  })
})

describe('behavior: watchers', () => {
  test('one that takes its time holds up no report', async () => {
    const ingest = await startIngest()
    const watcher = 'http://watcher.test'
    let asked = 0
    const slow: typeof fetch = (input, init) => {
      if (!String(input).startsWith(watcher)) return fetch(input, init)
      asked++
      return new Promise((_, reject) =>
        init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason)),
      )
    }
    const { agent, clock } = await startAgent([ingest], { watchers: [watcher], fetch: slow })
    for (const reports of [1, 2, 3]) {
      await emit(agent, 1)
      await vi.waitFor(() => {
        clock.advance(500)
        expect(ingest.accepted).toHaveLength(reports)
      })
    }
    expect(asked).toBe(1)
  })
})

describe('error: what the agent is told', () => {
  test('a device it does not have, an observation too large', async () => {
    const { agent } = await startAgent([await startIngest()])
    await expect(agent.emit('cellar', observation(1), inEpoch3)).rejects.toMatchObject({
      code: 'unknown_device',
      value: 'cellar',
    })
    await expect(agent.emit('roof', new Uint8Array(1025), inEpoch3)).rejects.toMatchObject({
      code: 'oversized_observation',
    })
  })

  test('an outbox that is full', async () => {
    const { agent } = await startAgent([{ url: 'http://127.0.0.1:9' }], { outbox: { maxObservations: 2 } })
    const results = await Promise.allSettled(
      [0, 1, 2].map((i) => agent.emit('roof', observation(i), inEpoch3)),
    )
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(results[2]).toMatchObject({ reason: { code: 'outbox_full' } })
  })

  test.for<[string, Partial<AgentOptions>]>([
    ['ingests', { ingests: [] }],
    ['devices', { devices: [roof, { ...mast, name: 'roof' }] }],
    ['devices', { devices: [roof, { ...mast, index: 4 }] }],
    ['batchObservations', { batchObservations: 1025 }],
    ['timeline.epochMs', { timeline: { genesisMs, epochMs: 0 } }],
  ])('options: %s', async ([field, more]) => {
    await expect(startAgent([{ url: 'http://127.0.0.1:9' }], more)).rejects.toMatchObject({
      code: 'wrong_option',
      field,
    })
  })
})
