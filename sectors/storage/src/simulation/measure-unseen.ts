import { toHex } from '@cairn/protocol'
import { createErasureCoder } from '../erasure/erasure-coder.ts'
import { derivePieceIndex } from '../piece/piece-hasher.ts'
import { placeRows } from '../slab/place-rows.ts'
import type { SimulationPlan } from './measure-detection.ts'
import { createSet, PIECE_BYTES, provePeriod, seededBytes, seededFraction } from './seeded-set.ts'

/** What possession proofs do not find, and what bounds it. */
export interface Unseen {
  readonly operator: string
  readonly periods: number
  /** Periods that were not proven: what possession proofs found of it. */
  readonly missed: number
  /** What was measured of what bounds it. */
  readonly bound: string
  readonly value: number
  readonly unit: string
}

const PERIODS = 100
const CODE = { dataRows: 8, rows: 12 }

/** Operators who prove every period with bytes that they do not keep, or keep once for many. */
export const measureUnseen = async (plan: SimulationPlan): Promise<readonly Unseen[]> => [
  await outsources(plan),
  await generates(plan),
  await keepsOneCopy(plan),
  ...sybils(plan),
]

const beaconOf = (name: string, { firstSeed }: SimulationPlan, period: number) =>
  seededBytes(`${name} ${firstSeed} ${period}`)

/** Asks another operator for the bytes. Model: a disk answers in 5 to 30 ms, the other one over the net in 40 to 240 ms more; reads have 150 ms. */
const outsources = async (plan: SimulationPlan): Promise<Unseen> => {
  const set = createSet('outsources')
  const missed = await countMissed(plan, 'outsources', async (beacon) =>
    provePeriod(set, { beacon, challenges: plan.challenges }, (piece) => set[piece]!.data),
  )
  const late = Array.from({ length: 1_000 }, (_, i) => {
    const disk = 5 + 25 * seededFraction(`disk ${plan.firstSeed} ${i}`)
    return disk + 40 + 200 * seededFraction(`net ${plan.firstSeed} ${i}`) > 150
  }).filter(Boolean).length
  return {
    operator: 'outsources to another',
    periods: PERIODS,
    missed,
    bound: 'reads later than 150 ms (model of latency)',
    value: late / 10,
    unit: '%',
  }
}

/** Keeps nothing, and codes each row that is asked for out of k others, which it reads from their holders. */
const generates = async (plan: SimulationPlan): Promise<Unseen> => {
  const coder = createErasureCoder(CODE)
  const sets = Array.from({ length: CODE.dataRows }, (_, row) => createSet(`row ${row}`))
  const own = CODE.rows - 1
  const rowsOf = (piece: number) => {
    const data = sets.map((set) => set[piece]!.data)
    return [...data, ...coder.encode(data)]
  }
  const set = sets[0]!.map((_, piece) => {
    const data = rowsOf(piece)[own]!.slice()
    return { data, index: derivePieceIndex(data) }
  })
  let fetched = 0
  const missed = await countMissed(plan, 'generates', async (beacon) =>
    provePeriod(set, { beacon, challenges: plan.challenges }, (piece) => {
      const rows = rowsOf(piece).map((row, i) => (i < CODE.dataRows ? row : undefined))
      fetched += CODE.dataRows * PIECE_BYTES
      return coder.reconstruct(rows, [own])[0]!.slice()
    }),
  )
  return {
    operator: 'generates on demand (8/12)',
    periods: PERIODS,
    missed,
    bound: 'bytes of others read for each byte that is asked for, paid as egress',
    value: fetched / (PERIODS * plan.challenges * PIECE_BYTES),
    unit: 'times',
  }
}

/** The same pieces in two sets of two devices: both are proven out of one copy. Rows of a slab are different bytes, so that a slab gives nobody two rows of one copy. */
const keepsOneCopy = async (plan: SimulationPlan): Promise<Unseen> => {
  const set = createSet('one copy')
  const missed = await countMissed(plan, 'one copy', async (beacon, period) => {
    const other = seededBytes(`other ${plan.firstSeed} ${period}`)
    const open = (piece: number) => set[piece]!.data
    const proofs = [beacon, other].map((drawn) =>
      provePeriod(set, { beacon: drawn, challenges: plan.challenges }, open),
    )
    return (await Promise.all(proofs)).every(Boolean)
  })
  const coder = createErasureCoder(CODE)
  const data = Array.from({ length: CODE.dataRows }, (_, row) => createSet(`row ${row}`)[0]!.data)
  const rows = [...data, ...coder.encode(data)].map((row) => toHex(row))
  return {
    operator: 'one copy for two sets',
    periods: PERIODS,
    missed,
    bound: 'different rows of a slab, of 12',
    value: new Set(rows).size,
    unit: 'rows',
  }
}

/** Ten devices under ten names on one disk, among thirty honest operators: the rows of a slab that would be lost with it. */
const sybils = ({ firstSeed, seeds }: SimulationPlan): readonly Unseen[] =>
  (['one network', 'networks of their own', 'networks of their own, not vetted yet'] as const).map(
    (where) => {
      const candidates = Array.from({ length: 40 }, (_, device) => ({
        device,
        owner: `owner ${device}`,
        network: device < 10 && where === 'one network' ? '192.0.2' : `198.51.${device}`,
        country: ['DE', 'FR', 'JP', 'US', 'BR'][device % 5]!,
        freeBytes: 2 ** 40,
        sharePpm: device < 10 && where.endsWith('vetted yet') ? 50_000 : 1_000_000,
        pricePerTib: 1_000n,
      }))
      const worst = Array.from({ length: seeds }, (_, i) => {
        const rules = { rowsPerOperator: 1 }
        const placed = placeRows(candidates, {
          rows: CODE.rows,
          rowBytes: 520_192,
          rules,
          seed: firstSeed + i,
        })
        return placed.filter(({ device }) => device < 10).length
      })
      return {
        operator: `ten sybils on one disk, ${where}`,
        periods: 0,
        missed: 0,
        bound: `slabs that lose more than the ${CODE.rows - CODE.dataRows} rows they can, of all`,
        value: (100 * worst.filter((rows) => rows > CODE.rows - CODE.dataRows).length) / seeds,
        unit: '%',
      }
    },
  )

const countMissed = async (
  plan: SimulationPlan,
  name: string,
  prove: (beacon: Uint8Array, period: number) => Promise<boolean>,
): Promise<number> => {
  let missed = 0
  for (let period = 0; period < PERIODS; period++) {
    if (!(await prove(beaconOf(name, plan, period), period))) missed += 1
  }
  return missed
}
