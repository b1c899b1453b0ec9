import type { SimulatedHardware } from '@cairn/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import { parsePacket } from '../packet-observation.ts'
import { createSimulatedForwarder, type SimulatedForwarder } from '../semtech-udp/forwarder.ts'
import { parseGatewayEui } from '../semtech-udp/gateway-eui.ts'
import type { Rxpk } from '../semtech-udp/rxpk.ts'
import { type WirelessDriver, wirelessDriver } from './agent.ts'
import { simulatedEui, simulateGateways } from './hardware.ts'
import { buildSimulatedUplink } from './simulated-uplink.ts'

const EUI = parseGatewayEui('0016c001f0000001')
const NOW = 1_700_000_000_000
const RXPK: Rxpk = {
  tmst: 7,
  frequencyHz: 868_100_000,
  crcStatus: 'ok',
  dataRate: { modulation: 'LORA', spreadingFactor: 7, bandwidthHz: 125_000 },
  codingRate: '4/5',
  rssiDeciDbm: -900,
  snrDeciDb: 55,
  payload: buildSimulatedUplink({ endDevice: 1, fCnt: 2, payload: Uint8Array.of(1, 2, 3) }),
}

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

type Emitted = { device: string; bytes: Uint8Array; receivedMs: number }

/** A driver on a free port, what it emits, and a way to wait until `count` observations were. */
async function startDriver(gateways: Record<string, string>, fail?: Error) {
  const emitted: Emitted[] = []
  const waiting: { count: number; done: () => void }[] = []
  const driver: WirelessDriver = wirelessDriver({
    settings: { host: '127.0.0.1', port: 0, gateways },
    now: () => NOW,
    emit: async (device, bytes, receivedMs) => {
      if (fail !== undefined) throw fail
      emitted.push({ device, bytes, receivedMs })
      for (const { done } of waiting.filter(({ count }) => emitted.length >= count)) done()
    },
  })
  await driver.start()
  open.push(() => driver.stop())
  const until = (count: number) =>
    emitted.length >= count ? Promise.resolve() : new Promise<void>((done) => waiting.push({ count, done }))
  return { driver, emitted, until, port: Number(driver.status().listensOn!.split(':').at(-1)) }
}

async function startGateway(port: number, gatewayEui = EUI): Promise<SimulatedForwarder> {
  const forwarder = createSimulatedForwarder({
    serverHost: '127.0.0.1',
    serverPort: port,
    gatewayEui,
    onDownlink: () => ({ accepted: true }),
    onError: () => {},
  })
  await forwarder.start()
  open.push(() => forwarder.close())
  return forwarder
}

describe('default', () => {
  test('a packet of a known gateway becomes an observation of its device', async () => {
    const { emitted, until, port, driver } = await startDriver({ [EUI]: 'roof' })
    const gateway = await startGateway(port)
    await gateway.push([RXPK])
    await until(1)
    expect(emitted[0]).toMatchObject({ device: 'roof', receivedMs: NOW })
    expect(parsePacket(emitted[0]!.bytes)).toMatchObject({
      receivedMs: NOW,
      tmst: 7,
      frequencyHz: 868_100_000,
      rssiDeciDbm: -900,
      snrDeciDb: 55,
      spreadingFactor: 7,
      bandwidthHz: 125_000,
      phyPayload: RXPK.payload,
    })
    expect(driver.status()).toMatchObject({ isRunning: true, counts: { observations: 1 }, problems: [] })
  })

  test('a downlink goes out through the gateway', async () => {
    const { driver, port } = await startDriver({ [EUI]: 'roof' })
    await startGateway(port)
    const txpk = {
      timing: { kind: 'immediate' as const },
      frequencyHz: 868_100_000,
      rfChain: 0,
      dataRate: RXPK.dataRate as { modulation: 'LORA'; spreadingFactor: number; bandwidthHz: number },
      codingRate: '4/5' as const,
      invertPolarity: true,
      noCrc: true,
      payload: Uint8Array.of(1),
    }
    expect(await driver.sendDownlink(EUI, txpk)).toEqual({ accepted: true })
  })
})

describe('behavior', () => {
  test('only LoRa packets with a right CRC and a LoRaWAN frame are observations, each once', async () => {
    const { emitted, until, port, driver } = await startDriver({ [EUI]: 'roof' })
    const gateway = await startGateway(port)
    const { snrDeciDb: _, codingRate: __, ...fsk } = RXPK
    await gateway.push([
      { ...RXPK, crcStatus: 'bad' },
      { ...RXPK, crcStatus: 'none' },
      { ...fsk, dataRate: { modulation: 'FSK', bitrateBps: 50_000 } },
      { ...RXPK, payload: Uint8Array.of(0x40, 1) },
      RXPK,
      RXPK,
    ])
    await gateway.push([RXPK, { ...RXPK, tmst: 8 }])
    await until(2)
    expect(emitted).toHaveLength(2)
    expect(driver.status().counts).toMatchObject({
      observations: 2,
      crcNotOk: 2,
      notLora: 1,
      notLorawan: 1,
      repeated: 2,
    })
  })

  test('a gateway nobody named is counted, and the status says what to do', async () => {
    const { emitted, port, driver } = await startDriver({ [EUI]: 'roof' })
    const stranger = await startGateway(port, parseGatewayEui('00000000000000aa'))
    await stranger.push([RXPK, RXPK])
    await stranger.push([RXPK])
    expect(emitted).toEqual([])
    const { counts, problems } = driver.status()
    expect(counts.unknownGateway).toBe(3)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ subject: 'gateway 00000000000000aa', count: 2 })
    expect(problems[0]!.fix).toContain('"00000000000000aa": "<name of the device>"')
  })

  test('an observation the agent could not keep may come again', async () => {
    const { port, driver } = await startDriver({ [EUI]: 'roof' }, new Error('No space left.'))
    const gateway = await startGateway(port)
    await gateway.push([RXPK])
    await gateway.push([RXPK])
    const { counts, problems } = driver.status()
    expect(counts).toMatchObject({ observations: 0, notKept: 2, repeated: 0 })
    expect(problems[0]!.problem).toContain('No space left.')
  })

  test('a driver that is stopped has handed over what it acknowledged', async () => {
    const { promise: written, resolve: write } = Promise.withResolvers<void>()
    const events: string[] = []
    const driver = wirelessDriver({
      settings: { host: '127.0.0.1', port: 0, gateways: { [EUI]: 'roof' } },
      now: () => NOW,
      emit: async () => {
        await written
        events.push('kept')
      },
    })
    await driver.start()
    const gateway = await startGateway(Number(driver.status().listensOn!.split(':').at(-1)))
    await gateway.push([RXPK])
    const stopped = driver.stop().then(() => events.push('stopped'))
    setImmediate(write)
    await stopped
    expect(events).toEqual(['kept', 'stopped'])
    expect(driver.status()).toMatchObject({ isRunning: false, listensOn: undefined })
  })

  test('simulated gateways speak to the driver, and the same seed sends the same frames', async () => {
    const runs: Uint8Array[][] = []
    for (let run = 0; run < 2; run++) {
      const ids = [0, 1, 2].map((i) => simulatedEui(42, i))
      const { emitted, until, port } = await startDriver(Object.fromEntries(ids.map((id) => [id, id])))
      let steps = 0
      const hardware: SimulatedHardware = simulateGateways({
        count: 3,
        seed: 42,
        uplinksPerSecond: 50,
        serverHost: '127.0.0.1',
        serverPort: port,
        clock: {
          now: () => NOW,
          // Ten transmissions, then nothing until the end.
          sleep: (_, signal) =>
            ++steps < 10
              ? Promise.resolve()
              : new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason))),
        },
        onError: () => {},
      })
      expect(hardware).toMatchObject({ simulated: true, ids })
      await hardware.start()
      open.push(() => hardware.stop())
      await until(10)
      await hardware.stop()
      expect(hardware.counts().transmissions).toBe(10)
      const frames = emitted.map(({ bytes }) => parsePacket(bytes).phyPayload)
      runs.push([...new Map(frames.map((frame) => [Buffer.from(frame).toString('hex'), frame])).values()])
    }
    const sorted = runs.map((frames) => frames.map((frame) => Buffer.from(frame).toString('hex')).sort())
    expect(sorted[0]!.length).toBeGreaterThan(3)
    for (const frame of sorted[1]!) expect(frame.slice(2, 10)).toMatch(/^[0-3][0-9a-f]000000$/)
    expect(sorted[1]!.some((frame) => sorted[0]!.includes(frame))).toBe(true)
  })
})

test.for<[string, unknown, string]>([
  ['not an object', 5, 'settings'],
  ['no gateways', {}, 'gateways'],
  ['a port out of range', { port: 70_000, gateways: {} }, 'port'],
  ['a host that is no text', { host: 1, gateways: {} }, 'host'],
  ['an EUI that is none', { gateways: { roof: 'roof' } }, 'gateways'],
  ['a device without a name', { gateways: { [EUI]: '' } }, `gateways.${EUI}`],
])('error: settings: %s', ([, settings, field]) => {
  expect(() => wirelessDriver({ settings, emit: async () => {}, now: () => NOW })).toThrowError(
    expect.objectContaining({ code: 'wrong_setting', field }),
  )
})
