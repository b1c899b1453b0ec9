import type { EpochContext, PartitionItem, Verdict } from '@cairn/protocol'
import { TEST_NETWORK } from '@cairn/testing'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildSimulatedUplink } from './facets/simulated-uplink.ts'
import { encodePacket, type PacketObservation, parsePacket } from './packet-observation.ts'
import { DEFAULT_PARAMS, type WirelessParams } from './params.ts'
import { WIRELESS_REASON } from './reasons.ts'
import { unitsOf, verifyPackets } from './verify-packets.ts'

const startMs = 1_000_000_000
const endMs = startMs + 600_000
const uplink = buildSimulatedUplink({ endDevice: 1, fCnt: 5, payload: new Uint8Array(10) })
const heard = {
  receivedMs: startMs + 1000,
  tmst: 1,
  frequencyHz: 868_100_000,
  rssiDeciDbm: -900,
  snrDeciDb: 50,
  spreadingFactor: 7,
  bandwidthHz: 125_000,
  phyPayload: uplink,
}
type Heard = typeof heard

const packet = (change: Partial<Heard> = {}): PacketObservation =>
  parsePacket(encodePacket({ ...heard, ...change }))
const item = (
  device: number,
  change: Partial<Heard> = {},
  index = device,
): PartitionItem<PacketObservation> => ({
  device,
  deviceClass: 0,
  slot: 0,
  index,
  observationIndex: 0,
  timeMs: startMs,
  observation: packet(change),
})
const context = (change: Partial<EpochContext<WirelessParams>> = {}): EpochContext<WirelessParams> => ({
  network: TEST_NETWORK,
  epoch: 3,
  startMs,
  endMs,
  beacon: new Uint8Array(32).fill(7),
  params: DEFAULT_PARAMS,
  programs: ['usage'],
  ...change,
})
const verify = (
  items: readonly PartitionItem<PacketObservation>[],
  change: Partial<EpochContext<WirelessParams>> = {},
  carry?: Uint8Array,
) => verifyPackets({ key: 'k', items, carry }, context(change))
const judge = (change: Partial<Heard>): Verdict => verify([item(0, change)]).verdicts[0]!

describe('default', () => {
  test('a plausible reception is accepted with its units', () => {
    expect(judge({})).toEqual({ reason: 0, credit: 1n })
  })

  test.for([
    [1, 1n],
    [24, 1n],
    [25, 2n],
    [48, 2n],
    [49, 3n],
    [255, 11n],
  ] as const)('%i bytes of PHYPayload are %s units of 24', ([lengthBytes, units]) => {
    expect(unitsOf(lengthBytes, 24)).toBe(units)
  })
})

describe('behavior: what one reception may claim', () => {
  test.for<[string, Partial<Heard>, number, string, string]>([
    [
      'a millisecond too early',
      { receivedMs: startMs - 60_001 },
      WIRELESS_REASON.outsideEpoch,
      '999939999 ms',
      '999940000 to 1000660000 ms',
    ],
    [
      'a millisecond too late',
      { receivedMs: endMs + 60_001 },
      WIRELESS_REASON.outsideEpoch,
      '1000660001 ms',
      '999940000 to 1000660000 ms',
    ],
    [
      'a hertz below the band',
      { frequencyHz: 862_999_999 },
      WIRELESS_REASON.frequency,
      '862999999 Hz',
      '863000000 to 870000000',
    ],
    [
      'a hertz above the band',
      { frequencyHz: 870_000_001 },
      WIRELESS_REASON.frequency,
      '870000001 Hz',
      '863000000 to 870000000',
    ],
    ['too weak', { rssiDeciDbm: -1501 }, WIRELESS_REASON.rssi, '-1501 ddBm', '-1500 to 0 ddBm'],
    ['too strong', { rssiDeciDbm: 1 }, WIRELESS_REASON.rssi, '1 ddBm', '-1500 to 0 ddBm'],
    ['below the floor of SF7', { snrDeciDb: -136 }, WIRELESS_REASON.snr, '-136 ddB at SF7', '-135 ddB'],
    [
      'below the floor of SF12',
      { snrDeciDb: -261, spreadingFactor: 12 },
      WIRELESS_REASON.snr,
      '-261 ddB at SF12',
      '-260 ddB',
    ],
    [
      'below the floor of SF5',
      { snrDeciDb: -86, spreadingFactor: 5 },
      WIRELESS_REASON.snr,
      '-86 ddB at SF5',
      '-85 ddB',
    ],
  ])('%s: reason, measured value and threshold', ([, change, reason, measured, threshold]) => {
    expect(judge(change)).toEqual({ reason, measured, threshold })
  })

  test.for<[string, Partial<Heard>]>([
    ['the first tolerated millisecond', { receivedMs: startMs - 60_000 }],
    ['the last tolerated millisecond', { receivedMs: endMs + 60_000 }],
    ['the lowest frequency', { frequencyHz: 863_000_000 }],
    ['the highest frequency', { frequencyHz: 870_000_000 }],
    ['the weakest signal', { rssiDeciDbm: -1500 }],
    ['the strongest signal', { rssiDeciDbm: 0 }],
    ['the floor of SF7 with slack', { snrDeciDb: -135 }],
    ['the floor of SF12 with slack', { snrDeciDb: -260, spreadingFactor: 12 }],
  ])('%s is accepted', ([, change]) => {
    expect(judge(change).reason).toBe(0)
  })

  test('a downlink and a frame of another kind are not uplinks', () => {
    const down = buildSimulatedUplink({
      endDevice: 1,
      fCnt: 5,
      direction: 'down',
      payload: new Uint8Array(1),
    })
    const threshold = 'data up, join request or rejoin request'
    expect(judge({ phyPayload: down })).toEqual({ reason: 100, measured: 'data', threshold })
    const proprietary = Uint8Array.of(0xe0, 1, 2)
    expect(judge({ phyPayload: proprietary })).toEqual({ reason: 100, measured: 'proprietary', threshold })
  })

  test('join and rejoin requests are uplinks', () => {
    expect(judge({ phyPayload: new Uint8Array(23) }).reason).toBe(0)
    const rejoin = new Uint8Array(19)
    rejoin[0] = 0xc0
    expect(judge({ phyPayload: rejoin }).reason).toBe(0)
  })
})

describe('behavior: repeats', () => {
  test('a device is paid once for a frame, however often it reports it', () => {
    const { verdicts } = verify([item(4), item(4, { snrDeciDb: 60 }, 5), item(5)])
    expect(verdicts.map(({ reason }) => reason)).toEqual([0, WIRELESS_REASON.duplicate, 0])
    expect(verdicts[1]).toMatchObject({ measured: 'device 4 again', threshold: 'once per uplink and device' })
  })

  test('an implausible report does not use up the device’s one reception', () => {
    const { verdicts } = verify([item(4, { snrDeciDb: -400 }), item(4, {}, 5)])
    expect(verdicts.map(({ reason }) => reason)).toEqual([WIRELESS_REASON.snr, 0])
  })

  test('a frame paid in an earlier epoch is a replay as long as the carry lasts', () => {
    const first = verify([item(0)])
    expect(first.carry).toHaveLength(16)
    const second = verify([item(1)], { epoch: 4 }, first.carry)
    expect(second.verdicts).toEqual([
      { reason: 103, measured: 'paid in an earlier epoch', threshold: 'once per frame' },
    ])
    expect(second.carry).toEqual(first.carry)
    expect(verify([item(1)], { epoch: 5 }, second.carry).verdicts[0]!.reason).toBe(103)
  })

  test('another frame with the same counter is no replay, and both are carried', () => {
    const first = verify([item(0)])
    const other = buildSimulatedUplink({ endDevice: 1, fCnt: 5, payload: Uint8Array.of(9) })
    const second = verify([item(0, { phyPayload: other })], { epoch: 4 }, first.carry)
    expect(second.verdicts[0]!.reason).toBe(0)
    expect(second.carry).toHaveLength(32)
  })

  test('what nobody was paid for leaves nothing behind', () => {
    expect(verify([item(0, { rssiDeciDbm: 300 })]).carry).toBeUndefined()
  })

  test('the carry keeps the 64 frames paid last, in 1024 bytes', () => {
    const frames = Array.from({ length: 70 }, (_, i) =>
      buildSimulatedUplink({ endDevice: 1, fCnt: 5, payload: Uint8Array.of(i) }),
    )
    const { carry } = verify(frames.map((phyPayload, i) => item(0, { phyPayload }, i)))
    expect(carry).toHaveLength(1024)
    const again = verify(
      frames.map((phyPayload, i) => item(0, { phyPayload }, i)),
      { epoch: 4 },
      carry,
    )
    expect(again.verdicts.map(({ reason }) => reason)).toEqual([
      ...Array<number>(6).fill(0),
      ...Array<number>(64).fill(103),
    ])
  })
})

describe('behavior: the lottery over copies', () => {
  const crowd = Array.from({ length: 40 }, (_, device) => item(device))
  const winners = (items: readonly PartitionItem<PacketObservation>[], beacon: number): number[] => {
    const { verdicts } = verify(items, { beacon: new Uint8Array(32).fill(beacon) })
    return items.filter((_, i) => verdicts[i]!.reason === 0).map(({ device }) => device)
  }

  test('maxCopies are paid, the others are told their place', () => {
    const { verdicts } = verify(crowd)
    expect(verdicts.filter(({ reason }) => reason === 0)).toHaveLength(16)
    const lost = verdicts.filter(({ reason }) => reason === WIRELESS_REASON.tooManyCopies)
    expect(lost).toHaveLength(24)
    expect(lost.map(({ measured }) => measured).sort()).toEqual(
      Array.from({ length: 24 }, (_, i) => `place ${i + 17} of 40`).sort(),
    )
    expect(lost[0]!.threshold).toBe('16 copies')
  })

  test('exactly maxCopies need no lottery', () => {
    expect(verify(crowd.slice(0, 16)).verdicts.every(({ reason }) => reason === 0)).toBe(true)
  })

  test('nothing that a gateway says changes its lot, the beacon does', () => {
    const drawn = winners(crowd, 7)
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            rssiDeciDbm: fc.integer({ min: -1500, max: 0 }),
            snrDeciDb: fc.integer({ min: -100, max: 200 }),
            receivedMs: fc.integer({ min: startMs, max: endMs }),
            frequencyHz: fc.integer({ min: 863_000_000, max: 870_000_000 }),
          }),
          { minLength: 40, maxLength: 40 },
        ),
        (changes) => {
          expect(
            winners(
              changes.map((change, device) => item(device, change)),
              7,
            ),
          ).toEqual(drawn)
        },
      ),
      { numRuns: 25 },
    )
    expect(winners([...crowd].reverse(), 7).sort((a, b) => a - b)).toEqual(drawn)
    expect(winners(crowd, 8)).not.toEqual(drawn)
  })

  test('every device wins about as often as the others', () => {
    const wins = new Array<number>(40).fill(0)
    for (let beacon = 0; beacon < 200; beacon++) for (const device of winners(crowd, beacon)) wins[device]!++
    // 200 draws at 16 of 40: 80 expected, standard deviation 7.
    for (const count of wins) expect(Math.abs(count - 80)).toBeLessThan(35)
  })
})

test('behavior: known limit: nobody without the tenant’s key can tell a made-up uplink from a carried one', () => {
  const invented = buildSimulatedUplink({ endDevice: 999, fCnt: 1, payload: new Uint8Array(40) })
  expect(judge({ phyPayload: invented })).toEqual({ reason: 0, credit: 3n })
})
