import type { Driver, DriverOptions, DriverProblem } from '@cairn/protocol'
import { serializeBase64 } from '../semtech-udp/base64.ts'
import type { SemtechUdpError } from '../semtech-udp/error.ts'
import type { GatewayEui } from '../semtech-udp/gateway-eui.ts'
import type { Rxpk } from '../semtech-udp/rxpk.ts'
import { createSemtechUdpServer } from '../semtech-udp/server.ts'
import type { TxAck } from '../semtech-udp/tx-ack.ts'
import type { Txpk } from '../semtech-udp/txpk.ts'
import { parseDriverSettings } from './driver-settings.ts'
import { createRecentSet } from './recent-set.ts'
import { observationOf } from './rxpk-observation.ts'

/** The driver of LoRa gateways: a Semtech UDP server for unchanged packet forwarders. */
export interface WirelessDriver extends Driver {
  /** Passes a packet on for a gateway to emit, and resolves with its answer; rejects with SemtechUdpError. Downlinks earn nothing. */
  sendDownlink(gatewayEui: GatewayEui, txpk: Txpk): Promise<TxAck>
}

/** Subjects are the senders' word, so only the first ones are named and the rest counted together. */
const mostSubjects = 64
/** A forwarder sends again what it saw no acknowledgement for, within seconds. */
const recentPackets = 8192

/**
 * Makes the driver of LoRa gateways. Each packet that a known gateway delivers, with a right CRC and a LoRaWAN frame in it, becomes one observation of that gateway's device.
 *
 * @throws DriverSettingsError
 */
export function wirelessDriver({ settings, emit, now }: DriverOptions): WirelessDriver {
  const { host, port, gateways } = parseDriverSettings(settings)
  const counts = {
    observations: 0,
    repeated: 0,
    notLora: 0,
    crcNotOk: 0,
    notLorawan: 0,
    unknownGateway: 0,
    notKept: 0,
    malformed: 0,
  }
  const problems = createProblemTable()
  const recent = createRecentSet(recentPackets)
  const inFlight = new Set<Promise<unknown>>()
  let listensOn: string | undefined

  const onPacket = async (gatewayEui: GatewayEui, device: string, rxpk: Rxpk): Promise<void> => {
    const observation = observationOf(rxpk, now())
    if (typeof observation === 'string') {
      counts[observation]++
      return
    }
    const key = `${gatewayEui}/${rxpk.tmst}/${serializeBase64(rxpk.payload)}`
    if (!recent.add(key)) {
      counts.repeated++
      return
    }
    try {
      await emit(device, observation, now())
      counts.observations++
    } catch (error) {
      recent.delete(key)
      counts.notKept++
      problems.add(notKept(device, error))
    }
  }

  const server = createSemtechUdpServer({
    host,
    port,
    now,
    onUplink: async (gatewayEui, packets) => {
      const device = gateways.get(gatewayEui)
      if (device === undefined) {
        counts.unknownGateway += packets.length
        problems.add(unknownGateway(gatewayEui))
        return
      }
      const keeping = Promise.all(packets.map((rxpk) => onPacket(gatewayEui, device, rxpk)))
      inFlight.add(keeping)
      await keeping
      inFlight.delete(keeping)
    },
    onError: (error) => {
      counts.malformed++
      problems.add(udpProblem(error))
    },
  })

  return {
    async start() {
      const bound = await server.start()
      listensOn = `udp://${bound.address.includes(':') ? `[${bound.address}]` : bound.address}:${bound.port}`
    },
    async stop() {
      await server.close()
      await Promise.all(inFlight)
      listensOn = undefined
    },
    status: () => ({
      isRunning: listensOn !== undefined,
      listensOn,
      counts: {
        ...counts,
        gateways: server.gatewayCount(),
        downlinks: server.counters().downlinks,
        rateLimited: server.counters().rateLimited,
      },
      problems: problems.list(),
    }),
    sendDownlink: server.sendDownlink,
  }
}

type Problem = Omit<DriverProblem, 'count'>

function createProblemTable() {
  const bySubject = new Map<string, DriverProblem>()
  return {
    add(problem: Problem): void {
      const isNamed = bySubject.has(problem.subject) || bySubject.size < mostSubjects
      const subject = isNamed ? problem.subject : 'others'
      const count = (bySubject.get(subject)?.count ?? 0) + 1
      bySubject.set(subject, { ...problem, subject, count })
    },
    list: (): DriverProblem[] => [...bySubject.values()],
  }
}

const unknownGateway = (eui: GatewayEui): Problem => ({
  subject: `gateway ${eui}`,
  problem: 'It sends packets, and no device of this agent stands for it, so nobody is paid for them.',
  fix: `Onboard a device for it and add "${eui}": "<name of the device>" to gateways in the agent's settings; if it is not yours, keep it off this port.`,
})

const notKept = (device: string, error: unknown): Problem => ({
  subject: `device ${device}`,
  problem: `The agent did not keep an observation: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
  fix: 'See what the agent says of its outbox: a full disk, an unknown device name or ingests that can not be reached.',
})

const udpProblem = ({ code, message, fix }: SemtechUdpError): Problem => ({
  subject: `datagram ${code}`,
  problem: message.split('\n')[0]!,
  fix,
})
