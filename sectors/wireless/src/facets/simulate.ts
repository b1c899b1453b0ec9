import type { DeviceModel } from '@cairn/protocol'
import { encodePacket } from '../packet-observation.ts'
import { buildSimulatedUplink } from './simulated-uplink.ts'

type Scene = Parameters<DeviceModel['observe']>[0]
type Reception = Parameters<typeof encodePacket>[0]

const uplinksPerEpoch = 12
/** The three default channels of EU868 (LoRaWAN Regional Parameters RP002). */
const channelsHz = [868_100_000, 868_300_000, 868_500_000]

/** The frames on air in an epoch, which every gateway in reach hears: `uplinksPerEpoch` of as many end devices. */
function framesOf(epoch: number): Uint8Array[] {
  return Array.from({ length: uplinksPerEpoch }, (_, i) =>
    buildSimulatedUplink({ endDevice: i, fCnt: epoch, payload: new Uint8Array(8 + 2 * i).fill(epoch + i) }),
  )
}

/** An honest reception of a frame: plausible, and a little different at every gateway. */
function hear(phyPayload: Uint8Array, place: number, { startMs, endMs, random }: Scene): Reception {
  const receivedMs = startMs + Math.floor(((endMs - startMs) * (place + random())) / (uplinksPerEpoch + 1))
  return {
    receivedMs,
    tmst: (receivedMs * 1000) % 2 ** 32,
    frequencyHz: channelsHz[place % channelsHz.length]!,
    rssiDeciDbm: -700 - Math.floor(random() * 500),
    snrDeciDb: Math.floor(random() * 150) - 50,
    spreadingFactor: 7 + (place % 6),
    bandwidthHz: 125_000,
    phyPayload,
  }
}

/** A model that hears what everybody hears, and reports it with something changed. */
function liar(name: string, change: (heard: Reception, scene: Scene) => Partial<Reception>): DeviceModel {
  return {
    name,
    honest: false,
    observe: (scene) =>
      framesOf(scene.epoch).map((frame, place) => {
        const heard = hear(frame, place, scene)
        return encodePacket({ ...heard, ...change(heard, scene) })
      }),
  }
}

/** A model that reports frames of its own choosing as heard now. */
function inventor(name: string, frames: (scene: Scene) => readonly Uint8Array[]): DeviceModel {
  return {
    name,
    honest: false,
    observe: (scene) =>
      frames(scene).map((frame, i) => encodePacket(hear(frame, i % uplinksPerEpoch, scene))),
  }
}

/** Simulated gateways, each named by what it does: one honest, the others each trying one way to earn more. */
export const models: readonly DeviceModel[] = [
  {
    name: 'honest',
    honest: true,
    observe: (scene) => framesOf(scene.epoch).map((frame, place) => encodePacket(hear(frame, place, scene))),
  },
  inventor('replays one frame many times in an epoch', ({ epoch }) =>
    Array.from({ length: 40 }, () => framesOf(epoch)[0]!),
  ),
  inventor('replays frames paid in the epochs before', ({ epoch }) =>
    [1, 2, 3].filter((ago) => ago <= epoch).flatMap((ago) => framesOf(epoch - ago)),
  ),
  liar('reports receptions of another time', (_, { endMs }) => ({ receivedMs: endMs + 3_600_000 })),
  liar('claims impossible signal-to-noise ratios', () => ({ snrDeciDb: -400 })),
  liar('claims impossible signal strengths', () => ({ rssiDeciDbm: 300 })),
  liar('claims frequencies of another region', () => ({ frequencyHz: 915_000_000 })),
  liar('claims spreading factors that no radio has', () => ({ spreadingFactor: 13 })),
  inventor('fabricates downlinks', ({ epoch }) =>
    Array.from({ length: 40 }, (_, endDevice) =>
      buildSimulatedUplink({ endDevice, fCnt: epoch, direction: 'down', payload: new Uint8Array(48) }),
    ),
  ),
  inventor('fabricates proprietary frames', ({ random }) =>
    Array.from({ length: 40 }, () =>
      Uint8Array.from({ length: 60 }, (_, i) => (i === 0 ? 0xe0 : Math.floor(random() * 256))),
    ),
  ),
  inventor('reports noise as frames', ({ random }) =>
    Array.from({ length: 40 }, () => Uint8Array.from({ length: 6 }, () => 0x40 + Math.floor(random() * 4))),
  ),
]
