import { describe, expect, test } from 'vitest'
import { countSessions } from './count-sessions.ts'
import type { Uplink } from './uplink.ts'

const uplink = (fCnt: number, devAddr = '48000001', deviceEui = '0018b20000000001'): Uplink => ({
  deviceEui,
  devAddr,
  fCnt,
  port: 1,
  payload: { sizeBytes: 1 },
  timeMs: 0,
  receptions: [],
})

const sessionsOf = (...uplinks: Uplink[]): number[] => uplinks.map(countSessions())

test('default: counters that rise or repeat are one session', () => {
  expect(sessionsOf(uplink(0), uplink(1), uplink(1), uplink(500))).toEqual([0, 0, 0, 0])
})

describe('behavior', () => {
  test('a new address, or a counter that begins anew, is a new session', () => {
    expect(sessionsOf(uplink(9), uplink(10, '48000002'), uplink(400, '48000002'))).toEqual([0, 1, 1])
    expect(sessionsOf(uplink(400), uplink(1), uplink(2))).toEqual([0, 1, 1])
  })

  test('a copy that came late stays in its session', () => {
    expect(sessionsOf(uplink(1840), uplink(1828), uplink(1841))).toEqual([0, 0, 0])
    expect(sessionsOf(uplink(2), uplink(1), uplink(3))).toEqual([0, 0, 0])
  })

  test('devices are counted apart', () => {
    expect(sessionsOf(uplink(400), uplink(1, '48000001', '0018b20000000002'))).toEqual([0, 0])
  })
})
