import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { type Datagram, parseDatagram, serializeDatagram } from './datagram.ts'
import type { SemtechUdpError } from './error.ts'
import { createSimulatedForwarder, type SimulatedForwarderOptions } from './forwarder.ts'
import { type GatewayEui, parseGatewayEui } from './gateway-eui.ts'
import type { GatewayStat } from './gateway-stat.ts'
import type { Rxpk } from './rxpk.ts'
import { createSemtechUdpServer, type SemtechUdpServerOptions } from './server.ts'
import type { Txpk } from './txpk.ts'

const EUI = parseGatewayEui('AA555A0000000101')

const RXPK: Rxpk = {
  tmst: 1000,
  frequencyHz: 868_100_000,
  crcStatus: 'ok',
  dataRate: { modulation: 'LORA', spreadingFactor: 7, bandwidthHz: 125_000 },
  codingRate: '4/5',
  rssiDeciDbm: -1070,
  snrDeciDb: 55,
  payload: Uint8Array.of(1, 2, 3),
}

const TXPK: Txpk = {
  timing: { kind: 'counter', tmst: 1_001_000 },
  frequencyHz: 868_100_000,
  rfChain: 0,
  powerDbm: 14,
  dataRate: { modulation: 'LORA', spreadingFactor: 7, bandwidthHz: 125_000 },
  codingRate: '4/5',
  invertPolarity: true,
  noCrc: true,
  payload: Uint8Array.of(9, 9),
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A server on a free loopback port, with everything it reported; the clock stands until the test moves it. */
const startServer = async (overrides: Partial<SemtechUdpServerOptions> = {}) => {
  const uplinks: { eui: GatewayEui; rxpk: readonly Rxpk[]; stat?: GatewayStat }[] = []
  const errors: SemtechUdpError[] = []
  const clock = { nowMs: 1_000_000 }
  const server = createSemtechUdpServer({
    host: '127.0.0.1',
    port: 0,
    onUplink: (eui, rxpk, stat) => {
      uplinks.push({ eui, rxpk, ...(stat === undefined ? {} : { stat }) })
    },
    onError: (error) => errors.push(error),
    now: () => clock.nowMs,
    ...overrides,
  })
  const { port } = await server.start()
  closers.push(server.close)
  return { server, port, uplinks, errors, clock }
}

const startForwarder = async (port: number, overrides: Partial<SimulatedForwarderOptions> = {}) => {
  const errors: SemtechUdpError[] = []
  const forwarder = createSimulatedForwarder({
    serverHost: '127.0.0.1',
    serverPort: port,
    gatewayEui: EUI,
    onDownlink: () => ({ accepted: true }),
    onError: (error) => errors.push(error),
    keepaliveMs: 60_000,
    ...overrides,
  })
  closers.push(forwarder.close)
  await forwarder.start()
  return { forwarder, errors }
}

/** A bare socket, for what a well-behaved forwarder never sends. */
const startRawClient = async (port: number) => {
  const socket = createSocket('udp4')
  socket.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  closers.push(async () => {
    socket.close()
  })
  return {
    send: (bytes: Uint8Array): void => socket.send(bytes),
    async exchange(datagram: Datagram): Promise<Datagram> {
      const answer = once(socket, 'message')
      socket.send(serializeDatagram(datagram))
      return parseDatagram((await answer)[0] as Uint8Array)
    },
  }
}

const pullData = (token: number, gatewayEui = EUI): Datagram => ({
  kind: 'PULL_DATA',
  version: 2,
  token,
  gatewayEui,
})

describe('default', () => {
  test('an uplink and a status reach the handler and are acknowledged', async () => {
    const { port, uplinks, errors, server } = await startServer()
    const { forwarder } = await startForwarder(port)
    expect(forwarder.simulated).toBe(true)
    expect(await forwarder.push([RXPK, RXPK], { received: 2 })).toBe(1)
    expect(uplinks).toEqual([{ eui: EUI, rxpk: [RXPK, RXPK], stat: { received: 2 } }])
    expect(errors).toEqual([])
    expect(server.counters()).toMatchObject({ received: 2, uplinks: 1, malformed: 0 })
  })

  test('a downlink goes to the socket that pulled and its TX_ACK comes back', async () => {
    const { port, server } = await startServer()
    const heard: Txpk[] = []
    const { forwarder } = await startForwarder(port, {
      onDownlink: (txpk) => {
        heard.push(txpk)
        return heard.length === 1 ? { accepted: true } : { accepted: false, error: 'TOO_LATE' }
      },
    })
    // The PUSH socket speaks last; the downlink must still go to the PULL socket.
    await forwarder.push([RXPK])
    expect(await server.sendDownlink(EUI, TXPK)).toEqual({ accepted: true })
    expect(await server.sendDownlink(EUI, TXPK)).toEqual({ accepted: false, error: 'TOO_LATE' })
    expect(heard).toEqual([TXPK, TXPK])
  })

  test('an acknowledgement repeats version and token', async () => {
    const { port } = await startServer()
    const client = await startRawClient(port)
    expect(await client.exchange({ ...pullData(0xbeef), version: 1 } as Datagram)).toEqual({
      kind: 'PULL_ACK',
      version: 1,
      token: 0xbeef,
    })
  })
})

describe('behavior: forwarder', () => {
  test('sends a PUSH_DATA again until it is acknowledged', async () => {
    const stub = createSocket('udp4')
    stub.bind(0, '127.0.0.1')
    await once(stub, 'listening')
    closers.push(async () => {
      stub.close()
    })
    const pushes: number[] = []
    stub.on('message', (bytes, from) => {
      const { kind, version, token } = parseDatagram(bytes)
      if (kind === 'PULL_DATA') stub.send(serializeDatagram({ kind: 'PULL_ACK', version, token }), from.port)
      if (kind !== 'PUSH_DATA') return
      pushes.push(token)
      if (pushes.length === 3) stub.send(serializeDatagram({ kind: 'PUSH_ACK', version, token }), from.port)
    })
    const { forwarder } = await startForwarder(stub.address().port, { ackTimeoutMs: 20, attempts: 1000 })
    expect(await forwarder.push([RXPK])).toBeGreaterThanOrEqual(3)
    expect(new Set(pushes).size).toBe(1)
  })

  test('error: gives up after its attempts', async () => {
    const { port } = await startServer({ maxUplinksInFlight: 0 })
    const { forwarder } = await startForwarder(port, { ackTimeoutMs: 200, attempts: 2 })
    await expect(forwarder.push([RXPK])).rejects.toMatchObject({ code: 'ACK_TIMEOUT', value: '2 sendings' })
  })

  test('error: a downlink handler that throws is answered with a refusal', async () => {
    const { port, server } = await startServer()
    const { errors } = await startForwarder(port, {
      onDownlink: () => {
        throw new Error('no radio')
      },
    })
    expect(await server.sendDownlink(EUI, TXPK)).toEqual({ accepted: false, error: 'UNKNOWN' })
    expect(errors[0]).toMatchObject({ code: 'HANDLER_FAILED', value: 'no radio' })
  })

  test('error: what waits when it is closed is rejected', async () => {
    const { port } = await startServer({ maxUplinksInFlight: 0 })
    const { forwarder } = await startForwarder(port)
    const waiting = expect(forwarder.push([RXPK])).rejects.toMatchObject({ code: 'CLOSED' })
    await forwarder.close()
    await waiting
  })
})

describe('behavior: bounds', () => {
  test('remembers the most recent gateways only', async () => {
    const { port, server } = await startServer({ maxGateways: 2 })
    const client = await startRawClient(port)
    const euis = ['01', '02', '01', '03'].map((end) => parseGatewayEui(`00000000000000${end}`))
    for (const [i, eui] of euis.entries()) await client.exchange(pullData(i, eui))
    expect(server.gatewayCount()).toBe(2)
    await expect(server.sendDownlink(euis[1]!, TXPK)).rejects.toMatchObject({ code: 'NO_PULL_ROUTE' })
  })

  test('drops what exceeds the rate of a gateway and serves it again later', async () => {
    const { port, server, clock } = await startServer({ perGatewayPerSecond: 1 })
    const client = await startRawClient(port)
    // One on the newcomers' account, then a burst of two on its own.
    for (let i = 0; i < 3; i++) await client.exchange(pullData(i))
    client.send(serializeDatagram(pullData(3)))
    // Datagrams of one socket stay in order on loopback, so the answer to this one proves the last was handled.
    await client.exchange(pullData(4, parseGatewayEui('0000000000000009')))
    expect(server.counters().rateLimited).toBe(1)
    clock.nowMs += 1000
    expect(await client.exchange(pullData(5))).toMatchObject({ kind: 'PULL_ACK', token: 5 })
  })

  test('unknown gateways share one rate', async () => {
    const { port, server } = await startServer({ newGatewaysPerSecond: 3 })
    const client = await startRawClient(port)
    await client.exchange(pullData(0))
    for (let i = 1; i <= 5; i++)
      client.send(serializeDatagram(pullData(i, parseGatewayEui(`000000000000000${i}`))))
    await client.exchange(pullData(6))
    expect(server.counters().rateLimited).toBe(3)
    expect(server.gatewayCount()).toBe(3)
  })

  test('a path that no PULL_DATA refreshed is not used', async () => {
    const { port, server, clock } = await startServer({ pullRouteTtlMs: 1000 })
    await startForwarder(port)
    clock.nowMs += 1001
    await expect(server.sendDownlink(EUI, TXPK)).rejects.toMatchObject({ code: 'NO_PULL_ROUTE' })
  })
})

describe('error: server', () => {
  test('a malformed datagram is reported, not acknowledged, and harms nothing', async () => {
    const { port, errors, server } = await startServer()
    const client = await startRawClient(port)
    client.send(Uint8Array.of(7, 0, 0, 0))
    client.send(Uint8Array.of(2, 0, 0, 1))
    expect(await client.exchange(pullData(1))).toMatchObject({ kind: 'PULL_ACK' })
    expect(errors.map(({ code }) => code)).toEqual(['VERSION_UNSUPPORTED', 'IDENTIFIER_UNKNOWN'])
    expect(server.counters().malformed).toBe(2)
  })

  test('a handler that rejects is reported', async () => {
    const { port, errors } = await startServer({ onUplink: () => Promise.reject(new Error('disk full')) })
    const { forwarder } = await startForwarder(port)
    await forwarder.push([RXPK])
    await forwarder.pull()
    expect(errors).toMatchObject([{ code: 'HANDLER_FAILED', value: 'disk full' }])
  })

  test('a downlink nobody answers times out', async () => {
    const { port, server } = await startServer({ downlinkTimeoutMs: 20 })
    const client = await startRawClient(port)
    await client.exchange(pullData(1))
    await expect(server.sendDownlink(EUI, TXPK)).rejects.toMatchObject({ code: 'DOWNLINK_TIMEOUT' })
  })

  test('a TX_ACK from another address does not answer a downlink', async () => {
    const reported = Promise.withResolvers<SemtechUdpError>()
    const { port, server } = await startServer({ randomToken: () => 7, onError: reported.resolve })
    const client = await startRawClient(port)
    const stranger = await startRawClient(port)
    await client.exchange(pullData(1))
    const txAck = { kind: 'TX_ACK', version: 2, token: 7, gatewayEui: EUI } as const
    const answer = server.sendDownlink(EUI, TXPK)
    stranger.send(serializeDatagram({ ...txAck, ack: { accepted: true } }))
    expect(await reported.promise).toMatchObject({ code: 'TX_ACK_UNEXPECTED', value: '7' })
    client.send(serializeDatagram({ ...txAck, ack: { accepted: false, error: 'TX_FREQ' } }))
    expect(await answer).toEqual({ accepted: false, error: 'TX_FREQ' })
  })

  test('a full downlink queue refuses, and closing rejects what waits', async () => {
    const { port, server } = await startServer({ maxPendingDownlinks: 1 })
    const client = await startRawClient(port)
    await client.exchange(pullData(1))
    const waiting = expect(server.sendDownlink(EUI, TXPK)).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(server.sendDownlink(EUI, TXPK)).rejects.toMatchObject({ code: 'DOWNLINK_QUEUE_FULL' })
    await server.close()
    await waiting
    await expect(server.sendDownlink(EUI, TXPK)).rejects.toMatchObject({ code: 'CLOSED' })
  })

  test('a port in use', async () => {
    const { port } = await startServer()
    const second = createSemtechUdpServer({
      host: '127.0.0.1',
      port,
      onUplink() {},
      onError() {},
      now: () => 0,
    })
    closers.push(second.close)
    await expect(second.start()).rejects.toMatchObject({ code: 'SOCKET_FAILED' })
  })
})
