import type { SimulatedHardware, SimulatedHardwareOptions } from '@cairn/protocol'
import { createSimulatedForwarder, type SimulatedForwarder } from '../semtech-udp/forwarder.ts'
import { parseGatewayEui } from '../semtech-udp/gateway-eui.ts'
import type { Rxpk } from '../semtech-udp/rxpk.ts'
import { seededRandom } from './seeded-random.ts'
import { buildSimulatedUplink } from './simulated-uplink.ts'

const endDevices = 64
/** Share of the gateways that hear one transmission. */
const reach = 0.6
const channelsHz = [868_100_000, 868_300_000, 868_500_000]

/** EUIs of simulated gateways begin with 5a51, then come seed and number. They are locally administered, so no maker's. */
export function simulatedEui(seed: number, index: number): string {
  const tail = `${(seed >>> 0).toString(16).padStart(8, '0')}${(index & 0xffff).toString(16).padStart(4, '0')}`
  return `5a51${tail}`
}

/** What one gateway hears of a transmission. */
function hear(phyPayload: Uint8Array, channel: number, nowMs: number, random: () => number): Rxpk {
  return {
    tmst: (nowMs * 1000 + Math.floor(random() * 1000)) % 2 ** 32,
    frequencyHz: channelsHz[channel]!,
    channel,
    rfChain: 0,
    crcStatus: 'ok',
    dataRate: { modulation: 'LORA', spreadingFactor: 7 + channel, bandwidthHz: 125_000 },
    codingRate: '4/5',
    rssiDeciDbm: -700 - Math.floor(random() * 500),
    snrDeciDb: Math.floor(random() * 150) - 50,
    payload: phyPayload,
  }
}

/**
 * Simulated gateways that send really made LoRaWAN frames through the real Semtech UDP protocol to a driver. There is no
 * radio: they share a stream of seeded transmissions, each heard by some of them, at least by one.
 */
export function simulateGateways(options: SimulatedHardwareOptions): SimulatedHardware {
  const { count, seed, uplinksPerSecond, serverHost, serverPort, clock, onError } = options
  const random = seededRandom(seed)
  const counts = { transmissions: 0, receptions: 0, lost: 0 }
  const ids = Array.from({ length: count }, (_, i) => simulatedEui(seed, i))
  const abort = new AbortController()
  let forwarders: SimulatedForwarder[] = []
  let running: Promise<void> = Promise.resolve()
  const firstCounter = Math.floor(clock.now() / 1000)

  const transmit = async (): Promise<void> => {
    const number = counts.transmissions++
    const payload = Uint8Array.from({ length: 4 + Math.floor(random() * 40) }, () =>
      Math.floor(random() * 256),
    )
    // Counters begin at the clock, so that a second run repeats no frame of the first.
    const fCnt = firstCounter + Math.floor(number / endDevices)
    const frame = buildSimulatedUplink({ endDevice: number % endDevices, fCnt, payload })
    const nearest = Math.floor(random() * count)
    const channel = Math.floor(random() * channelsHz.length)
    const receptions = forwarders
      .filter((_, i) => random() < reach || i === nearest)
      .map((forwarder) => ({ forwarder, rxpk: hear(frame, channel, clock.now(), random) }))
    await Promise.all(
      receptions.map(async ({ forwarder, rxpk }) => {
        try {
          await forwarder.push([rxpk])
          counts.receptions++
        } catch (error) {
          counts.lost++
          if (!abort.signal.aborted) onError(error as Error)
        }
      }),
    )
  }

  const run = async (): Promise<void> => {
    const inFlight = new Set<Promise<void>>()
    while (!abort.signal.aborted) {
      const sending: Promise<void> = transmit().finally(() => inFlight.delete(sending))
      inFlight.add(sending)
      await clock.sleep(1000 / uplinksPerSecond, abort.signal).catch(() => {})
    }
    await Promise.all(inFlight)
  }

  return {
    simulated: true,
    ids,
    async start() {
      forwarders = ids.map((eui) =>
        createSimulatedForwarder({
          serverHost,
          serverPort,
          gatewayEui: parseGatewayEui(eui),
          onDownlink: () => ({ accepted: true }),
          onError,
        }),
      )
      await Promise.all(forwarders.map((forwarder) => forwarder.start()))
      running = run()
    },
    async stop() {
      abort.abort()
      await Promise.all(forwarders.map((forwarder) => forwarder.close()))
      await running
    },
    counts: () => ({ ...counts }),
  }
}
