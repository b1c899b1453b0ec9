/**
 * Wireless: LoRa gateways that carry other people's uplinks.
 *
 * @packageDocumentation
 */
import { defineSector, type Work } from '@cairn/protocol'
import { type PacketObservation, parsePacket } from './packet-observation.ts'
import { DEFAULT_PARAMS, parseParams, type WirelessParams } from './params.ts'
import { WIRELESS_REASON_TEXT } from './reasons.ts'
import { verifyPackets } from './verify-packets.ts'

const NO_WORK = 0n

export const wireless = defineSector({
  id: 'wireless',
  version: 1,
  title: 'Wireless: LoRaWAN gateways paid for the uplinks they carry',
  defaultPrograms: [{ name: 'usage', weightBps: 10_000 }],
  defaultParams: DEFAULT_PARAMS,
  parseParams,
  reasons: WIRELESS_REASON_TEXT,
  parse: parsePacket,
  partition: partitionOf,
  verify: verifyPackets,
  reward: (verdicts, { programs }): readonly Work[] => {
    const usage = programs.indexOf('usage')
    return verdicts.map(({ credit }) =>
      programs.map((_, program) => (program === usage ? (credit ?? NO_WORK) : NO_WORK)),
    )
  },
  describe: describePacket,
  facets: {
    agent: async () => (await import('./facets/agent.ts')).wirelessDriver,
    simulate: async () => (await import('./facets/simulate.ts')).models,
    hardware: async () => (await import('./facets/hardware.ts')).simulateGateways,
  },
})

/** Everything that could be the same transmission comes together: one device address and counter, one join attempt. */
function partitionOf({ frame }: PacketObservation): string {
  switch (frame.kind) {
    case 'data':
      return `${frame.direction}-${frame.devAddr}-${frame.fCnt}`
    case 'joinRequest':
      return `join-${frame.devEui}-${frame.devNonce}`
    case 'rejoinRequest':
      return `rejoin-${frame.devEui}-${frame.rjCount}`
    default:
      return frame.kind
  }
}

function describePacket(packet: PacketObservation): Readonly<Record<string, string | number>> {
  const { frame, receivedMs, frequencyHz, rssiDeciDbm, snrDeciDb, spreadingFactor, phyPayload } = packet
  const identity = frame.kind === 'data' ? { devAddr: frame.devAddr, fCnt: frame.fCnt } : {}
  return {
    frame: frame.kind,
    ...identity,
    receivedMs,
    frequencyHz,
    rssiDeciDbm,
    snrDeciDb,
    spreadingFactor,
    bytes: phyPayload.length,
  }
}

export { encodePacket } from './packet-observation.ts'
export type { PacketObservation, WirelessParams }
