import type { Rxpk } from '@cairn/sector-wireless/semtech-udp/rxpk'
import { countSessions } from './count-sessions.ts'
import { derivePlayTimes } from './play-times.ts'
import { readUplinks, type TraceCounts, type TraceFile } from './read-trace.ts'
import { type BuildFrame, rebuildFrame, rebuildRxpk } from './rebuild-frame.ts'
import type { Uplink } from './uplink.ts'

/** One recorded reception, as it will be sent. */
export interface PlannedReception {
  /** Place in the plan's gateways. */
  readonly gateway: number
  /** Place in the plan's frames. */
  readonly frame: number
  readonly rxpk: Rxpk
}

/** One recorded uplink. */
export interface PlannedUplink {
  readonly file: string
  /** From the start of the replay. */
  readonly atMs: number
  readonly receptions: readonly PlannedReception[]
}

/** Everything that is to be sent, in the order of time. */
export interface ReplayPlan {
  readonly counts: TraceCounts
  /** EUIs, sorted: a device of the network each. */
  readonly gateways: readonly string[]
  /** PHYPayloads that differ. */
  readonly frames: readonly Uint8Array[]
  readonly uplinks: readonly PlannedUplink[]
}

export interface PlanOptions {
  readonly folder: string
  readonly files: readonly TraceFile[]
  /** Uplinks of all files together: the first of each. */
  readonly limit: number
  readonly durationMs: number
  readonly build: BuildFrame
}

/** Reads the traces and rebuilds their frames; the files are played side by side. @throws TraceError */
export async function planReplay({
  folder,
  files,
  limit,
  durationMs,
  build,
}: PlanOptions): Promise<ReplayPlan> {
  const counts: TraceCounts = { lines: 0, uplinks: 0, receptions: 0, statuses: 0 }
  const perFile = Math.ceil(limit / files.length)
  const traces = []
  for (const file of files) traces.push({ file, uplinks: await readFirst(folder, file, perFile, counts) })
  const heard = traces.flatMap(({ uplinks }) => uplinks.flatMap(({ receptions }) => receptions))
  const gateways = [...new Set(heard.map(({ gatewayEui }) => gatewayEui))].sort()
  const places = new Map(gateways.map((eui, place) => [eui, place]))
  const frames = createFrameTable()
  const uplinks: PlannedUplink[] = []
  for (const { file, uplinks: recorded } of traces) {
    const sessionOf = countSessions()
    const times = derivePlayTimes(
      recorded.map(({ timeMs }) => timeMs),
      durationMs,
    )
    recorded.forEach((uplink, i) => {
      const frame = frames.place(rebuildFrame(uplink, build, sessionOf(uplink)))
      const receptions = uplink.receptions.map((reception) => ({
        gateway: places.get(reception.gatewayEui)!,
        frame,
        rxpk: rebuildRxpk(uplink, reception, frames.list[frame]!),
      }))
      uplinks.push({ file: file.name, atMs: times[i]!, receptions })
    })
  }
  uplinks.sort((a, b) => a.atMs - b.atMs)
  return { counts, gateways, frames: frames.list, uplinks }
}

async function readFirst(
  folder: string,
  file: TraceFile,
  most: number,
  counts: TraceCounts,
): Promise<Uplink[]> {
  const own: TraceCounts = { lines: 0, uplinks: 0, receptions: 0, statuses: 0 }
  const uplinks: Uplink[] = []
  for await (const uplink of readUplinks(folder, [file], own)) {
    if (uplinks.length === most) break
    uplinks.push(uplink)
  }
  counts.lines += own.lines
  counts.statuses += own.statuses
  counts.uplinks += uplinks.length
  counts.receptions += uplinks.reduce((sum, { receptions }) => sum + receptions.length, 0)
  return uplinks
}

/** The key of a PHYPayload in maps. */
export const frameKey = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

function createFrameTable() {
  const list: Uint8Array[] = []
  const places = new Map<string, number>()
  return {
    list,
    place(bytes: Uint8Array): number {
      const key = frameKey(bytes)
      const known = places.get(key)
      if (known !== undefined) return known
      places.set(key, list.length)
      list.push(bytes)
      return list.length - 1
    },
  }
}
