import { settle, workOf } from '@cairn/settlement'
import {
  createTestDevices,
  defaultRuleset,
  EPOCH_MS,
  seededRandom,
  TEST_NETWORK,
  testEpoch,
  testInput,
  testMeans,
  testSector,
  testSlot,
  testSnapshot,
} from '@cairn/testing'
import { expect, test } from 'vitest'
import { models } from './facets/simulate.ts'
import { buildSimulatedUplink } from './facets/simulated-uplink.ts'
import { encodePacket, wireless } from './index.ts'

const heard = {
  receivedMs: 1000,
  tmst: 4_294_967_295,
  frequencyHz: 868_300_000,
  rssiDeciDbm: -1071,
  snrDeciDb: -32,
  spreadingFactor: 9,
  bandwidthHz: 125_000,
}

testSector({
  sector: wireless,
  vectors: [
    encodePacket({
      ...heard,
      phyPayload: buildSimulatedUplink({ endDevice: 3, fCnt: 9, payload: new Uint8Array(20) }),
    }),
    encodePacket({ ...heard, phyPayload: new Uint8Array(23) }),
    encodePacket({
      ...heard,
      receivedMs: 2000,
      phyPayload: buildSimulatedUplink({ endDevice: 4, fCnt: 65_536, payload: Uint8Array.of(1) }),
    }),
  ],
  encode: encodePacket,
})

/** Work of each device in each of `epochs` epochs, settled one after the other. */
async function workByEpoch(names: readonly string[], epochs: number): Promise<bigint[][]> {
  const devices = createTestDevices(TEST_NETWORK, names.length)
  const ruleset = defaultRuleset(wireless)
  const rows: bigint[][] = []
  let settled: Awaited<ReturnType<typeof settle>> | undefined
  for (let epoch = 0; epoch < epochs; epoch++) {
    const reports = devices.map((device) => {
      const startMs = epoch * EPOCH_MS
      const scene = {
        device: device.index,
        epoch,
        startMs,
        endMs: startMs + EPOCH_MS,
        random: seededRandom(device.index + 10 * epoch),
      }
      const model = models.find(({ name }) => name === names[device.index])!
      return device.report({ epoch, sequence: 0, timeMs: startMs }, model.observe(scene))
    })
    const input = testEpoch(epoch, ruleset, testSnapshot(epoch, devices), [testSlot(epoch, epoch, reports)])
    settled = await settle(
      testInput([input], settled === undefined ? {} : { parent: settled.state }),
      testMeans(wireless),
    )
    const { workRows } = settled
    rows.push(devices.map(({ index }) => workOf(workRows, index)[0]))
  }
  return rows
}

test('behavior: frames paid before earn nothing in the epochs after', async () => {
  const rows = await workByEpoch(['honest', 'replays frames paid in the epochs before'], 3)
  for (const [honest] of rows) expect(honest).toBeGreaterThan(0n)
  expect(rows.map(([, replayer]) => replayer)).toEqual([0n, 0n, 0n])
})

test('behavior: liars do not lessen what the honest earn in units', async () => {
  const liars = models.filter(({ honest }) => !honest).map(({ name }) => name)
  const [alone] = await workByEpoch(['honest', 'honest'], 1)
  const [crowded] = await workByEpoch(['honest', 'honest', ...liars], 1)
  expect(crowded!.slice(0, 2)).toEqual(alone)
  for (const work of crowded!.slice(2)) expect(work).toBeLessThan(alone![0]!)
})

test('behavior: the facets load what their names say', async () => {
  expect((await wireless.facets.agent()).name).toBe('wirelessDriver')
  expect((await wireless.facets.hardware()).name).toBe('simulateGateways')
  expect(await wireless.facets.simulate()).toBe(models)
})
