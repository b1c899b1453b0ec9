import type { Uplink } from './uplink.ts'

/** Counters below this are those of a device that has just joined. */
const FIRST_COUNTERS = 8

/**
 * Tells the sessions of each device apart: a device that joins again gets a new address, or at least begins to count anew.
 * A copy that came late has a lower counter too, and stays in its session.
 */
export function countSessions(): (uplink: Uplink) => number {
  const devices = new Map<string, { session: number; devAddr: string | undefined; highest: number }>()
  return ({ deviceEui, devAddr, fCnt }) => {
    const last = devices.get(deviceEui)
    const isNew =
      last !== undefined &&
      (devAddr !== last.devAddr || (fCnt < FIRST_COUNTERS && last.highest >= 2 * FIRST_COUNTERS))
    const session = (last?.session ?? 0) + (isNew ? 1 : 0)
    const highest = isNew ? fCnt : Math.max(fCnt, last?.highest ?? 0)
    devices.set(deviceEui, { session, devAddr, highest })
    return session
  }
}
