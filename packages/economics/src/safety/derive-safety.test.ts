import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TOKEN } from '../arithmetic/units.ts'
import { deriveSafety } from './derive-safety.ts'
import { deterrent, exposedEpochs } from './exposure.ts'
import type { InequalityName, Remedy } from './inequality.ts'
import { operators } from './operators.ts'
import { defaultAssumptions, type OperatorParameters, type SafetyParameters } from './safety-parameters.ts'
import { moveGas, WORST_DEPTH } from './worst-gas.ts'

const safe: SafetyParameters = {
  timeline: {
    epochSeconds: 3_600,
    sealSeconds: 300,
    availabilitySeconds: 600,
    attestSeconds: 3_600,
    challengeSeconds: 259_200,
    responseSeconds: 43_200,
    exitSeconds: 3_600 + 300 + 259_200 + 8 * 43_200,
  },
  emissionPerEpoch: 100n * TOKEN,
  rollover: 0n,
  verifierShareBps: 500,
  verifiers: 3,
  verifierBonds: 30_000n * TOKEN,
  ingestBond: 1_000n * TOKEN,
  smallestIngestBond: 1_000n * TOKEN,
  challengeBond: 100n * TOKEN,
  sellerBps: [2_500, 2_500, 2_500, 2_500],
  returnBps: [0, 0, 0, 0],
  operator: {
    bond: 100n * TOKEN,
    slashBps: 5_000,
    gainPerEpoch: TOKEN,
    epochsUntilDetected: 24,
    detectionBps: 5_000,
  },
}

const derive = (parameters: SafetyParameters, assumptions = defaultAssumptions, isLocal = false) =>
  new Map(deriveSafety(parameters, assumptions, { isLocal }).map((row) => [row.name, row]))

const withTimeline = (changes: Partial<SafetyParameters['timeline']>): SafetyParameters => ({
  ...safe,
  timeline: { ...safe.timeline, ...changes },
})

/** The parameters with one of them as a remedy says. */
function apply(parameters: SafetyParameters, { parameter, value }: Remedy): SafetyParameters {
  if (parameter === 'verifierBond')
    return { ...parameters, verifierBonds: value * BigInt(parameters.verifiers) }
  if (parameter === 'operatorBond')
    return { ...parameters, operator: { ...parameters.operator!, bond: value } }
  if (parameter === 'sellerBps' || parameter === 'returnBps')
    return { ...parameters, [parameter]: parameters[parameter].map(() => Number(value)) }
  if (parameter === 'verifiers') return { ...parameters, verifiers: Number(value) }
  if (parameter === 'ingestBond') return { ...parameters, ingestBond: value, smallestIngestBond: value }
  if (parameter === 'challengeBond') return { ...parameters, challengeBond: value }
  return { ...parameters, timeline: { ...parameters.timeline, [parameter]: Number(value) } }
}

test('default: every inequality of a network as it is created holds', () => {
  const rows = [...derive(safe).values()]
  expect(rows.filter(({ holds }) => !holds)).toEqual([])
  expect(rows.map(({ name }) => name)).toEqual([
    'collusion',
    'watching pays',
    'lazy watcher',
    'lazy verifier',
    'griefing',
    'withholding',
    'lateness',
    'operator',
    'self-dealing',
    'response',
    'challenge window',
    'exit',
    'quorum',
  ])
})

test('default: the figures of that network', () => {
  expect(exposedEpochs(safe.timeline, defaultAssumptions.outageSeconds)).toBe(98n)
  const rows = derive(safe)
  expect(rows.get('collusion')).toMatchObject({ left: (2n * 20_000n * TOKEN) / 3n, right: 9_800n * TOKEN })
  expect(rows.get('withholding')).toMatchObject({ left: (2_000n * TOKEN) / 3n, right: 300n * TOKEN })
  expect(rows.get('lateness')).toMatchObject({ left: 100n * TOKEN, right: 95n * TOKEN })
  expect(rows.get('griefing')).toMatchObject({ left: 50_000_000n, unit: 'credits' })
  expect(rows.get('lazy watcher')).toMatchObject({ right: 438_000_000n })
})

describe('behavior: each holds on its boundary and not one step below', () => {
  const { timeline } = safe
  const cases: [InequalityName, SafetyParameters, SafetyParameters][] = [
    [
      'collusion',
      { ...safe, verifierBonds: 22_050n * TOKEN },
      { ...safe, verifierBonds: 22_050n * TOKEN - 3n },
    ],
    [
      'withholding',
      { ...safe, smallestIngestBond: 450n * TOKEN },
      { ...safe, smallestIngestBond: 450n * TOKEN - 1n },
    ],
    ['lateness', { ...safe, ingestBond: 950n * TOKEN }, { ...safe, ingestBond: 950n * TOKEN - 1n }],
    [
      'operator',
      { ...safe, operator: { ...safe.operator!, bond: 96n * TOKEN } },
      { ...safe, operator: { ...safe.operator!, bond: 96n * TOKEN - 1n } },
    ],
    ['self-dealing', { ...safe, sellerBps: [0, 9_999] }, { ...safe, sellerBps: [0, 10_000] }],
    ['response', safe, withTimeline({ responseSeconds: timeline.responseSeconds - 1 })],
    [
      'challenge window',
      withTimeline({ challengeSeconds: 129_600 }),
      withTimeline({ challengeSeconds: 129_599 }),
    ],
    ['exit', safe, withTimeline({ exitSeconds: timeline.exitSeconds - 1 })],
    ['quorum', safe, { ...safe, verifiers: 2 }],
  ]
  test.each(cases)('%s', (name, holding, failing) => {
    expect(derive(holding).get(name)).toMatchObject({ holds: true })
    expect(derive(failing).get(name)).toMatchObject({ holds: false })
  })

  test.each(['watching pays', 'lazy watcher', 'lazy verifier', 'griefing'] as const)(
    '%s, in dollars',
    (name) => {
      const right = derive(safe).get(name)!.right
      const bondFor = (credits: bigint): SafetyParameters => {
        const tokens = credits * 10n ** 12n
        if (name === 'griefing') return { ...safe, challengeBond: 2n * tokens }
        return { ...safe, verifierBonds: name === 'lazy verifier' ? 3n * tokens : (9n * tokens) / 2n }
      }
      expect(derive(bondFor(right)).get(name)).toMatchObject({ left: right, holds: true })
      expect(derive(bondFor(right - 1n)).get(name)).toMatchObject({ left: right - 1n, holds: false })
    },
  )
})

describe('behavior: what parameters do', () => {
  test('a pot that waits for its first work counts, and so does a night without roots', () => {
    const right = derive(safe).get('collusion')!.right
    expect(derive({ ...safe, rollover: 5n }).get('collusion')!.right).toBe(right + 5n)
    const longer = { ...defaultAssumptions, outageSeconds: defaultAssumptions.outageSeconds + 3_600 }
    expect(derive(safe, longer).get('collusion')!.right).toBe(right + safe.emissionPerEpoch)
  })

  test('what is rarely detected has to cost more, and what always is, nothing', () => {
    expect(deterrent(100n, 1_000)).toBe(900n)
    expect(deterrent(100n, 3_000)).toBe(234n)
    expect(deterrent(100n, 10_000)).toBe(0n)
  })

  test('what comes back twice is a loop only where all of it does', () => {
    const back = (sellerBps: number, returnBps: number) =>
      derive({ ...safe, sellerBps: [sellerBps], returnBps: [returnBps] }).get('self-dealing')
    expect(back(2_500, 9_000)).toMatchObject({ left: 750n, holds: true })
    expect(back(2_500, 10_000)).toMatchObject({
      left: 0n,
      holds: false,
      remedy: { parameter: 'returnBps', value: 9_998n },
    })
  })

  test('the local chain needs no long clocks, and a network that sells nothing has no self-dealing', () => {
    const names = [
      ...derive({ ...safe, sellerBps: [], operator: undefined }, defaultAssumptions, true).keys(),
    ]
    expect(names).not.toEqual(expect.arrayContaining(['response']))
    for (const name of ['exit', 'challenge window', 'self-dealing', 'operator'])
      expect(names).not.toContain(name)
  })
})

describe('behavior: properties', () => {
  const amount = fc.bigInt(0n, 10n ** 27n)
  const bps = fc.integer({ min: 0, max: 10_000 })
  const seconds = fc.integer({ min: 1, max: 1_000_000 })
  const operator: fc.Arbitrary<OperatorParameters> = fc.record({
    bond: amount,
    slashBps: fc.integer({ min: 1, max: 10_000 }),
    gainPerEpoch: fc.bigInt(0n, 10n ** 22n),
    epochsUntilDetected: fc.integer({ min: 0, max: 10_000 }),
    detectionBps: fc.integer({ min: 1, max: 10_000 }),
  })
  const parameters: fc.Arbitrary<SafetyParameters> = fc.record({
    timeline: fc.record({
      epochSeconds: seconds,
      sealSeconds: seconds,
      availabilitySeconds: seconds,
      attestSeconds: seconds,
      challengeSeconds: seconds,
      responseSeconds: seconds,
      exitSeconds: seconds,
    }),
    emissionPerEpoch: amount,
    rollover: amount,
    verifierShareBps: bps,
    verifiers: fc.integer({ min: 1, max: 32 }),
    verifierBonds: amount,
    ingestBond: amount,
    smallestIngestBond: amount,
    challengeBond: amount,
    sellerBps: fc.array(bps, { maxLength: 4 }),
    returnBps: fc.array(bps, { maxLength: 4 }),
    operator,
  })
  const assumptions = fc.record({
    tokenPrice: fc.record({ value: fc.bigInt(1n, 10n ** 12n), decimals: fc.integer({ min: 0, max: 18 }) }),
    coinPrice: fc.record({ value: fc.bigInt(0n, 10n ** 12n), decimals: fc.constant(6) }),
    gasPriceWei: fc.bigInt(0n, 10n ** 12n),
    detectionBps: fc.integer({ min: 1, max: 10_000 }),
    outageSeconds: seconds,
    checkCostCredits: fc.bigInt(0n, 10n ** 9n),
    cheatEverySeconds: seconds,
    forcedInclusionSeconds: seconds,
  })

  test('what remedies an inequality makes it hold', () => {
    fc.assert(
      fc.property(parameters, assumptions, (given, world) => {
        for (const { name, holds, remedy } of deriveSafety(given, world, { isLocal: false })) {
          const mended = name === 'self-dealing' ? mendAll(given, world) : apply(given, remedy)
          if (!holds) expect(derive(mended, world).get(name), name).toMatchObject({ holds: true })
        }
      }),
    )
  })

  /** Several programs may each need their own. */
  const mendAll = (given: SafetyParameters, world: typeof defaultAssumptions): SafetyParameters => {
    let mended = given
    for (let round = 0; round < 3; round += 1) {
      const row = derive(mended, world).get('self-dealing')!
      if (!row.holds) mended = apply(mended, row.remedy)
    }
    return mended
  }

  test('more verifiers’ bond never makes collusion, watching or copying worse', () => {
    fc.assert(
      fc.property(parameters, assumptions, amount, (given, world, more) => {
        const before = derive(given, world)
        const after = derive({ ...given, verifierBonds: given.verifierBonds + more }, world)
        for (const name of ['collusion', 'watching pays', 'lazy watcher', 'lazy verifier'] as const) {
          const { left, right } = after.get(name)!
          expect(left).toBeGreaterThanOrEqual(before.get(name)!.left)
          expect(right).toBe(before.get(name)!.right)
        }
      }),
    )
  })

  test('more emission never makes collusion, withholding or lateness better', () => {
    fc.assert(
      fc.property(parameters, assumptions, amount, (given, world, more) => {
        const after = derive({ ...given, emissionPerEpoch: given.emissionPerEpoch + more }, world)
        for (const [name, before] of derive(given, world))
          if (!before.holds) expect(after.get(name), name).toMatchObject({ holds: false })
      }),
    )
  })

  test('a dearer token never makes griefing cheaper, dearer gas never dearer', () => {
    fc.assert(
      fc.property(parameters, assumptions, (given, world) => {
        const before = derive(given, world).get('griefing')!
        const { value, decimals } = world.tokenPrice
        const dear = { ...world, tokenPrice: { value: 2n * value, decimals } }
        expect(derive(given, dear).get('griefing')!.left).toBeGreaterThanOrEqual(before.left)
        const gas = { ...world, gasPriceWei: 2n * world.gasPriceWei }
        expect(derive(given, gas).get('griefing')!.right).toBeGreaterThanOrEqual(before.right)
      }),
    )
  })
})

test('behavior: gas is what the contracts were measured at, with ten million devices', () => {
  const path = new URL('../../../../contracts/snapshots/challenges.json', import.meta.url)
  const measured = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>
  for (const [name, gas] of [
    ['2 open hidden', moveGas.openHidden],
    ['2 pick', moveGas.pick],
    ['2 show children', moveGas.showChildren],
    ['2 show leaf', moveGas.showLeaf],
    ['4 timeout', moveGas.timeout],
  ] as const) {
    const figure = BigInt(measured[`${name}, 10 M`]!)
    expect(gas, name).toBeGreaterThanOrEqual(figure)
    expect(gas, name).toBeLessThan(2n * figure)
  }
  expect(2 ** Number(WORST_DEPTH)).toBeGreaterThanOrEqual(10_000_000)
})

test('error: a token without a price, and detection that never happens, are refused by name', () => {
  const price = { ...defaultAssumptions, tokenPrice: { value: 0n, decimals: 6 } }
  expect(() => derive(safe, price)).toThrow('tokenPrice is 0')
  expect(() => derive(safe, { ...defaultAssumptions, detectionBps: 0 })).toThrow('detectionBps is 0')
})

test('error: an operator’s bond that is never slashed is no deterrent', () => {
  expect(operators({ ...safe.operator!, slashBps: 0 })).toMatchObject({ left: 0n, holds: false })
})
