import { BaseError, type DeviceModel, type PartitionItem, type Sector } from '@cairn/protocol'
import { settle, workOf } from '@cairn/settlement'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from './seeded-random.ts'
import { createTestDevices, type TestDevice } from './test-device.ts'
import {
  defaultRuleset,
  EPOCH_MS,
  TEST_NETWORK,
  testEpoch,
  testInput,
  testMeans,
  testSlot,
  testSnapshot,
} from './test-epoch.ts'

/** How many cases a property is tried on: a budget of CI, raised with FUZZ_RUNS. */
const runs = Number(process.env.FUZZ_RUNS ?? 200)

export interface ConformanceOptions<Observation> {
  readonly sector: Sector<Observation>
  /** Observations a device of the sector really makes, as bytes; at least two that differ. */
  readonly vectors: readonly Uint8Array[]
  /** Encodes what `parse` returned: the other direction of the format. */
  readonly encode: (observation: Observation) => Uint8Array
  /** Most milliseconds that verifying one observation may take, on average, in a partition of 1 000. */
  readonly budgetMs?: number
}

/** What every sector has to pass: determinism, bounds, refusal of what is not evidence, and that honesty pays best. */
export function testSector<Observation>({
  sector,
  vectors,
  encode,
  budgetMs = 1,
}: ConformanceOptions<Observation>): void {
  const params = sector.parseParams(sector.defaultParams)

  describe(`sector ${sector.id}`, () => {
    it('behavior: vectors survive parse and encode', () => {
      expect(vectors.length).toBeGreaterThan(1)
      for (const vector of vectors) expect(encode(sector.parse(vector, params))).toEqual(vector)
    })

    it('behavior: fuzzed bytes parse or are refused, and never crash', () => {
      const bytes = fc.oneof(fc.uint8Array({ maxLength: 1024 }), mutated(vectors))
      fc.assert(
        fc.property(bytes, (input) => refusesOrParses(sector, input)),
        { numRuns: runs },
      )
    })

    it('behavior: partition keys are short printable ASCII', () => {
      for (const vector of vectors)
        expect(sector.partition(sector.parse(vector, params))).toMatch(/^[\x21-\x7e]{1,64}$/)
    })

    it('behavior: reasons have a sentence each, from 100 up', () => {
      for (const [reason, text] of Object.entries(sector.reasons)) {
        expect(Number(reason)).toBeGreaterThanOrEqual(100)
        expect(text).toMatch(/\.$/)
      }
    })

    it('behavior: default parameters and program weights are sound', () => {
      expect(sector.parseParams(JSON.parse(JSON.stringify(sector.defaultParams)))).toEqual(
        sector.defaultParams,
      )
      expect(sector.defaultPrograms.reduce((sum, { weightBps }) => sum + weightBps, 0)).toBe(10_000)
    })

    it('error: parameters of the wrong kind are refused by name', () => {
      for (const name of Object.keys(sector.defaultParams as object)) {
        const broken = { ...(sector.defaultParams as object), [name]: 'not a value' }
        expect(() => sector.parseParams(broken)).toThrowError(name)
      }
    })

    it('behavior: verify gives one verdict for each item, the same every time, within its budget', () => {
      const items = Array.from({ length: 1000 }, (_, i) => itemOf(sector, vectors[i % vectors.length]!, i))
      const context = {
        network: TEST_NETWORK,
        epoch: 0,
        startMs: 0,
        endMs: EPOCH_MS,
        beacon: new Uint8Array(32),
        params,
        programs: sector.defaultPrograms.map(({ name }) => name),
      }
      const key = sector.partition(items[0]!.observation)
      const mine = items.filter(({ observation }) => sector.partition(observation) === key)
      const started = process.cpuUsage()
      const first = sector.verify({ key, items: mine, carry: undefined }, context)
      const spentMs = process.cpuUsage(started).user / 1000
      expect(first.verdicts).toHaveLength(mine.length)
      expect(sector.verify({ key, items: mine, carry: undefined }, context)).toEqual(first)
      expect(sector.reward(first.verdicts, context)).toHaveLength(mine.length)
      expect(spentMs / mine.length).toBeLessThan(budgetMs)
    })

    it("behavior: order of arrival at different ingests changes nobody's pay", async () => {
      const devices = createTestDevices(TEST_NETWORK, 3)
      const reports = devices.map((device) => device.report({ epoch: 0, sequence: 0, timeMs: 1 }, vectors))
      const forward = await workByDevice(sector, devices, reports)
      expect(await workByDevice(sector, devices, [...reports].reverse())).toEqual(forward)
    })

    it('behavior: a replayed, tampered, misdirected or foreign report earns nothing', async () => {
      await earnsNothingTwice(sector, vectors)
    })

    dishonestModels(sector)
  })
}

function dishonestModels(sector: Sector<unknown, unknown>): void {
  it('behavior: every dishonest model earns less than the honest one', async (context) => {
    const models = await sector.facets.simulate?.()
    if (models === undefined) return context.skip('the sector has no simulated devices')
    const seed = Number(process.env.SEED ?? 1)
    const honest = models.find((model) => model.honest)!
    for (const model of models.filter(({ honest }) => !honest)) {
      const devices = createTestDevices(TEST_NETWORK, 4)
      const reports = devices.map((device) => reportOf(device, device.index === 3 ? model : honest, seed))
      const work = await workByDevice(sector, devices, reports)
      expect(work[3], `${model.name}, seed ${seed}`).toBeLessThan(work[0]!)
      expect(work[0]).toBeGreaterThan(0n)
    }
  })
}

function reportOf(device: TestDevice, model: DeviceModel, seed: number): Uint8Array {
  const random = seededRandom(seed + device.index)
  const observations = model.observe({ device: device.index, epoch: 0, startMs: 0, endMs: EPOCH_MS, random })
  return device.report({ epoch: 0, sequence: 0, timeMs: 1 }, observations)
}

async function earnsNothingTwice(
  sector: Sector<unknown, unknown>,
  vectors: readonly Uint8Array[],
): Promise<void> {
  const devices = createTestDevices(TEST_NETWORK, 2)
  const [device, other] = devices as [TestDevice, TestDevice]
  const honest = device.report({ epoch: 0, sequence: 0, timeMs: 1 }, vectors)
  const once = await workByDevice(sector, devices, [honest])
  expect(await workByDevice(sector, devices, [honest, honest]), 'the same report twice').toEqual(once)
  const wrongEpoch = device.report({ epoch: 1, sequence: 1, timeMs: 1 }, vectors)
  expect(await workByDevice(sector, devices, [honest, wrongEpoch]), 'a report for another epoch').toEqual(
    once,
  )
  const foreign = createTestDevices(TEST_NETWORK, 2)[1]!.report({ epoch: 0, sequence: 0, timeMs: 1 }, vectors)
  expect(await workByDevice(sector, devices, [honest, foreign]), 'a report signed by another key').toEqual(
    once,
  )
  const tampered = other.report({ epoch: 0, sequence: 0, timeMs: 1 }, vectors)
  tampered[tampered.length - 1]! ^= 1
  const [, work] = await workByDevice(sector, devices, [tampered])
  expect(work, 'a body that was changed after signing').toBe(0n)
}

/** Work of the first program by device, when the reports are all the evidence of epoch 0. */
async function workByDevice(
  sector: Sector<unknown, unknown>,
  devices: readonly TestDevice[],
  reports: readonly Uint8Array[],
): Promise<bigint[]> {
  const ruleset = defaultRuleset(sector)
  const epoch = testEpoch(0, ruleset, testSnapshot(0, devices), [testSlot(0, 0, reports)])
  const { workRows } = await settle(testInput([epoch]), testMeans(sector))
  return devices.map(({ index }) => workOf(workRows, index)[0])
}

function itemOf<Observation>(
  sector: Sector<Observation, unknown>,
  bytes: Uint8Array,
  index: number,
): PartitionItem<Observation> {
  const observation = sector.parse(bytes, sector.parseParams(sector.defaultParams))
  return { device: index % 50, deviceClass: 0, slot: 0, index, observationIndex: 0, timeMs: 1, observation }
}

function refusesOrParses(sector: Sector<unknown, unknown>, bytes: Uint8Array): void {
  try {
    sector.partition(sector.parse(bytes, sector.defaultParams))
  } catch (error) {
    expect(error).toBeInstanceOf(BaseError)
  }
}

/** A vector with a few bytes changed, cut or added. */
function mutated(vectors: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const change = fc.record({ at: fc.nat(2000), to: fc.nat(255), cut: fc.nat(8) })
  return fc
    .tuple(fc.constantFrom(...vectors), fc.array(change, { maxLength: 6 }))
    .map(([vector, changes]) => {
      let bytes = vector.slice()
      for (const { at, to, cut } of changes) {
        if (cut === 0) bytes = bytes.slice(0, at % (bytes.length + 1))
        else if (bytes.length > 0) bytes[at % bytes.length] = to
      }
      return bytes
    })
}
