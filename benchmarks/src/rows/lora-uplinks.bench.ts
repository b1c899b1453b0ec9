import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { serializeDatagram } from '@cairn/sector-wireless/semtech-udp/datagram'
import { parseGatewayEui } from '@cairn/sector-wireless/semtech-udp/gateway-eui'
import { createSemtechUdpServer } from '@cairn/sector-wireless/semtech-udp/server'
import type { Row } from '../row.ts'
import { alternate, median, ratioOf } from '../statistics.ts'

const ROUNDS = 7
const UPLINKS = 20_000
/** Datagrams on their way at once: enough to keep the server busy, few enough that no socket buffer overflows. */
const IN_FLIGHT = 64

/** How many uplinks a second get through the packet forwarders' protocol, against doing nothing with them. */
export const loraUplinks: Row = {
  name: 'lora-uplinks',
  unit: 'uplinks/s',
  against: 'a UDP echo server on loopback in the same process, sent the same datagrams',
  budget: { atLeast: 0.5 },
  workload: `${UPLINKS} PUSH_DATA datagrams of one uplink each (SF7, 23-byte payload), ${IN_FLIGHT} in flight, each acknowledged; the sender is in the same process, too; median of ${ROUNDS} rounds, in turns with the peer. Sending again what got lost is not needed on loopback: a lost datagram fails the row`,
  commands: {
    ours: 'npm run bench -- lora-uplinks',
    peer: 'createSocket("udp4").on("message", (bytes, from) => socket.send(bytes, from.port, from.address)) in the same process',
  },
  async measure() {
    const server = await startServer()
    const echo = await startEcho()
    try {
      const ours = () => throughput(server.port)
      const peer = () => throughput(echo.port)
      await alternate(2, ours, peer)
      const samples = await alternate(ROUNDS, ours, peer)
      const expected = UPLINKS * (ROUNDS + 2)
      if (server.uplinks() !== expected)
        throw new Error(`the server handed on ${server.uplinks()} of ${expected} uplinks`)
      return { value: median(samples.ours), ratio: ratioOf(samples), samples: { ...samples } }
    } finally {
      await server.close()
      echo.close()
    }
  },
}

const datagram = serializeDatagram({
  kind: 'PUSH_DATA',
  version: 2,
  token: 0x1234,
  gatewayEui: parseGatewayEui('AA555A0000000101'),
  rxpk: [
    {
      tmst: 3_512_348_611,
      frequencyHz: 868_100_000,
      channel: 0,
      rfChain: 1,
      crcStatus: 'ok',
      dataRate: { modulation: 'LORA', spreadingFactor: 7, bandwidthHz: 125_000 },
      codingRate: '4/5',
      rssiDeciDbm: -350,
      snrDeciDb: 51,
      payload: new Uint8Array(23).map((_, i) => 7 * i),
    },
  ],
})

async function startServer() {
  let uplinks = 0
  const server = createSemtechUdpServer({
    host: '127.0.0.1',
    port: 0,
    onUplink: (_, rxpk) => {
      uplinks += rxpk.length
    },
    onError: (error) => {
      throw error
    },
    now: () => performance.now(),
    perGatewayPerSecond: 10_000_000,
  })
  const { port } = await server.start()
  return { port, uplinks: () => uplinks, close: server.close }
}

async function startEcho() {
  const socket = await bound()
  socket.on('message', (bytes, { port, address }) => socket.send(bytes, port, address))
  return { port: socket.address().port, close: () => socket.close() }
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

/** Datagrams a second that are answered. */
async function throughput(port: number): Promise<number> {
  const socket = await bound()
  try {
    const start = performance.now()
    await new Promise<void>((resolve, reject) => {
      let sent = 0
      let answered = 0
      const stalled = setTimeout(() => reject(new Error(`${sent - answered} datagrams got lost`)), 30_000)
      const send = () => {
        if (sent++ < UPLINKS) socket.send(datagram, port, '127.0.0.1')
      }
      socket.on('message', () => {
        if (++answered < UPLINKS) return send()
        clearTimeout(stalled)
        resolve()
      })
      while (sent < IN_FLIGHT) send()
    })
    return UPLINKS / ((performance.now() - start) / 1000)
  } finally {
    socket.close()
  }
}
