import { fromHex } from '@cairn/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { account, creation, eventMaker, network, rootOf, word } from './events.fixture.ts'
import type { HistoryEvent } from './history-abi.ts'
import { HistoryError } from './history-error.ts'
import { createNetworkHistory, historyFromEvents, type NetworkHistory } from './network-history.ts'

const registered = (index: number, fromEpoch: number) =>
  ({ index, owner: account(9), class: 2, x: word(index + 1), y: word(index + 101), fromEpoch }) as const

describe('devices', () => {
  test('default: a snapshot has the devices, keys and revocations of its epoch', () => {
    const make = eventMaker()
    const history = historyFromEvents(network, [
      make('DeviceRegistered', registered(0, 0)),
      make('DeviceRegistered', registered(1, 3)),
      make('KeyRotated', { index: 0, x: word(50), y: word(51), fromEpoch: 4 }),
      make('KeyRotated', { index: 0, x: word(60), y: word(61), fromEpoch: 4 }),
      make('DeviceRevoked', { index: 1, fromEpoch: 5 }),
    ])
    expect([0, 2, 3, 9].map((epoch) => history.snapshotAt(epoch).deviceCount)).toEqual([1, 1, 2, 2])
    const keyOf = (index: number, epoch: number) => history.snapshotAt(epoch).device(index)?.key.x
    expect(keyOf(0, 3)).toEqual(fromHex(word(1)))
    expect(keyOf(0, 4)).toEqual(fromHex(word(60)))
    expect(keyOf(1, 2)).toBeUndefined()
    expect(history.snapshotAt(4).device(1)).toMatchObject({ deviceClass: 2, revoked: false })
    expect(history.snapshotAt(5).device(1)).toMatchObject({ revoked: true })
    expect(history.snapshotAt(5).device(2)).toBeUndefined()
    expect(history.snapshotAt(5).device(-1)).toBeUndefined()
  })

  test('behavior: a snapshot of the past stays as it is', () => {
    const make = eventMaker()
    const history = createNetworkHistory(network)
    history.apply(make('DeviceRegistered', registered(0, 1)))
    const snapshot = history.snapshotAt(1)
    for (let i = 1; i < 100; i += 1) history.apply(make('DeviceRegistered', registered(i, 2)))
    expect(snapshot.deviceCount).toBe(1)
    expect(snapshot.device(0)?.key.y).toEqual(fromHex(word(101)))
    expect(snapshot.device(1)).toBeUndefined()
  })

  test('error: a gap in the indexes', () => {
    const make = eventMaker()
    expect(() => historyFromEvents(network, [make('DeviceRegistered', registered(1, 0))])).toThrow(RangeError)
  })
})

test('default: rulesets, runs and quarantine act from their epoch on', () => {
  const make = eventMaker()
  const programs = {
    weights: [{ afterEpochs: 0, weightsBps: [10_000, 0, 0, 0] }],
    returnBps: [0, 0, 0, 0],
  } as const
  const ruleset = (fromEpoch: number, byte: number) =>
    ({ fromEpoch, hash: word(byte), programs, document: '0x7b7d' }) as const
  const history = historyFromEvents(network, [
    make('NetworkCreated', creation),
    make('RulesetAdopted', ruleset(0, 1)),
    make('RulesetAdopted', ruleset(5, 2)),
    make('RulesetAdopted', ruleset(5, 3)),
    make('ReportQuarantined', { reportHash: word(7), fromEpoch: 6 }),
  ])
  expect([0, 4, 5, 9].map((epoch) => history.rulesetAt(epoch)?.hash)).toEqual([1, 1, 3, 3].map(word))
  expect(history.rulesets.runs(3, 7).map(({ first, last }) => [first, last])).toEqual([
    [3, 4],
    [5, 7],
  ])
  expect(history.snapshotAt(5).quarantined.size).toBe(0)
  expect(history.snapshotAt(6).quarantined).toEqual(new Set([word(7)]))
  expect(history.creation?.vault).toBe(account(2))
})

test('default: slots, deferrals and the evidence set of a root', () => {
  const make = eventMaker()
  const commit = (slot: number, epoch: number, sealedIn = epoch) =>
    make('EvidenceCommitted', {
      slot,
      epoch,
      sealedIn,
      ingest: account(slot),
      root: word(slot),
      count: 1,
      sizeBytes: 9n,
    })
  const history = historyFromEvents(network, [
    commit(0, 1),
    commit(1, 1),
    commit(2, 2),
    make('EvidenceDeferred', { slot: 1, newSlot: 3, deferrals: 1 }),
    make('EvidenceDeferred', { slot: 3, newSlot: 4, deferrals: 2 }),
    make('EvidenceDeferred', { slot: 4, newSlot: 0xffff_ffff, deferrals: 3 }),
    commit(5, 1, 4),
    make('BeaconCaptured', { epoch: 1, beacon: word(8) }),
  ])
  expect(history.slots.list.map(({ epoch, sealedIn, skipped }) => [epoch, sealedIn, skipped])).toEqual([
    [1, 1, false],
    [1, 1, true],
    [2, 2, false],
    [1, 2, true],
    [1, 3, true],
    [1, 4, false],
  ])
  expect(history.slots.evidenceSet(4, 3)).toEqual({ end: 5, set: 0n })
  expect(history.slots.evidenceSet(4, 4)).toEqual({ end: 6, set: 0b10n })
  expect(history.slots.list[1]?.deferredTo).toBe(3)
  expect(history.slots.list[4]?.deferredTo).toBeUndefined()
  expect(history.slots.evidenceSet(0, 1)).toEqual({ end: 2, set: 0b01n })
  expect(history.slots.evidenceSet(2, 2)).toEqual({ end: 4, set: 0b01n })
  expect(history.slots.evidenceSet(0, 0)).toEqual({ end: 0, set: 0n })
  expect(history.beaconOf(1)).toBe(word(8))
  expect(history.beaconOf(2)).toBeUndefined()
})

test('default: weights count from the next epoch, and slashed stake is gone at once', () => {
  const make = eventMaker()
  const holder = account(1)
  const deposit = (amount: bigint, bond: bigint, fromEpoch: number) =>
    make('Deposited', { role: 1, holder, amount, bond, fromEpoch })
  const events = [
    make('NetworkCreated', creation),
    deposit(10n, 10n, 1),
    make('Announced', { role: 1, holder, url: 'https://one.example' }),
    deposit(5n, 15n, 3),
    make('ExitRequested', { role: 1, holder, amount: 5n, withdrawableAt: 2_000n, fromEpoch: 4 }),
  ]
  const history = createNetworkHistory(network)
  for (const event of events) history.apply(event)
  const weights = () => [0, 1, 2, 3, 4].map((epoch) => history.stakes.weightOf('verifier', holder, epoch))
  expect(weights()).toEqual([0n, 10n, 10n, 15n, 10n])
  expect(history.stakes.endpoints('verifier')).toEqual([{ holder, url: 'https://one.example' }])
  expect(history.stakes.holders('ingest')).toEqual([])

  // A part of it: what is exiting goes last.
  const undone = createNetworkHistory(network)
  for (const event of events) undone.apply(event)
  undone.apply(make('Slashed', { role: 1, holder, amount: 4n, winner: account(0), reward: 0n }, 1_450))
  const bondAt = (epoch: number) => undone.stakes.countedAt('verifier', holder, epoch)
  expect([3, 4, 5].map(bondAt)).toEqual([15n, 10n, 6n])
  expect(undone.stakes.slashableOf('verifier', holder)).toBe(11n)
  undone.apply(make('Slashed', { role: 1, holder, amount: 8n, winner: account(0), reward: 0n }, 1_450))
  expect([3, 4, 5].map(bondAt)).toEqual([15n, 10n, 0n])
  expect(undone.stakes.weightOf('verifier', holder, 3)).toBe(3n)

  history.apply(make('Withdrawn', { role: 1, holder, amount: 5n }))
  expect(weights()).toEqual([0n, 10n, 10n, 10n, 10n])
  history.apply(make('Slashed', { role: 1, holder, amount: 10n, winner: holder, reward: 3n }, 1_450))
  expect(weights()).toEqual([0n, 0n, 0n, 0n, 0n])
  expect(history.stakes.totalWeight('verifier', 3)).toBe(0n)
  expect(history.stakes.endpoints('verifier')).toEqual([])
  expect(history.stakes.urlOf('verifier', holder)).toBe('https://one.example')
  // Stake that comes after a slash gives no weight in the epochs between.
  history.apply(make('Deposited', { role: 1, holder, amount: 7n, bond: 7n, fromEpoch: 8 }))
  expect([4, 5, 7, 8].map((epoch) => history.stakes.weightOf('verifier', holder, epoch))).toEqual([
    7n,
    0n,
    0n,
    7n,
  ])
})

test('default: roots, the head, and what dies with a removed root', () => {
  const make = eventMaker()
  const propose = (byte: number, first: number, last: number) =>
    make('RootProposed', { rootId: word(byte), first, last, root: rootOf(first, last) })
  const accept = (byte: number) =>
    make('RootAccepted', { rootId: word(byte), first: 0, last: 0, finalisableAt: 5_000n })
  const history = createNetworkHistory(network)
  for (const event of [
    make('NetworkCreated', creation),
    propose(1, 0, 1),
    make('Attested', { rootId: word(1), verifier: account(1), weight: 4n, streamDigest: word(9) }),
    accept(1),
    propose(2, 2, 2),
    accept(2),
    propose(3, 3, 4),
    accept(3),
    make('RootFinalised', { rootId: word(1), first: 0, last: 1, released: 1n }),
  ])
    history.apply(event)
  expect(history.roots.head?.rootId).toBe(word(3))
  expect(history.roots.get(word(1))?.attestations).toHaveLength(1)
  expect([0, 1, 2, 3, 4, 5].map((epoch) => history.roots.covering(epoch)?.rootId)).toEqual(
    [1, 1, 2, 3, 3, undefined].map((byte) => (byte === undefined ? undefined : word(byte))),
  )
  expect(history.phaseOf(1, 2_000)).toBe('final')
  expect(history.phaseOf(4, 2_000)).toBe('challengeable')
  expect(history.phaseOf(5, 2_000)).toBe('unsettled')

  history.apply(make('RootRemoved', { rootId: word(2), kind: 1, winner: account(1) }))
  expect(history.roots.head?.rootId).toBe(word(1))
  expect(history.roots.covering(3)).toBeUndefined()
  expect(history.roots.get(word(2))).toMatchObject({ state: 'removed', removedBy: 1 })
  expect(history.phaseOf(4, 2_000)).toBe('unsettled')
})

test('behavior: a verifier that misses 24 accepted roots counts half, and is back with its next attestation', () => {
  const make = eventMaker()
  const [present, absent] = [account(1), account(2)]
  const history = createNetworkHistory(network)
  history.apply(make('NetworkCreated', creation))
  for (const holder of [present, absent]) {
    history.apply(make('Deposited', { role: 1, holder, amount: 100n, bond: 100n, fromEpoch: 0 }))
  }
  const settleEpoch = (epoch: number, verifier: typeof present) => {
    const rootId = word(epoch + 1)
    history.apply(make('RootProposed', { rootId, first: epoch, last: epoch, root: rootOf(epoch, epoch) }))
    history.apply(make('Attested', { rootId, verifier, weight: 100n, streamDigest: word(9) }))
    history.apply(make('RootAccepted', { rootId, first: epoch, last: epoch, finalisableAt: 5_000n }))
  }
  const weights = () => [present, absent].map((holder) => history.stakes.weightOf('verifier', holder, 0))
  for (let epoch = 0; epoch < 23; epoch++) settleEpoch(epoch, present)
  expect(weights()).toEqual([100n, 100n])
  settleEpoch(23, present)
  expect(weights()).toEqual([100n, 50n])
  expect(history.stakes.missedBy(absent)).toBe(24)
  expect(history.stakes.totalWeight('verifier', 0)).toBe(150n)
  settleEpoch(24, absent)
  expect(weights()).toEqual([100n, 100n])
  expect(history.stakes.missedBy(present)).toBe(1)
  for (let epoch = 25; epoch < 25 + 24 * 9; epoch++) settleEpoch(epoch, absent)
  expect(weights()).toEqual([1n, 100n])
})

/** All that a history can be asked, as one value. */
function describeHistory(history: NetworkHistory): unknown {
  const epochs = [0, 1, 2, 3, 4, 5, 6]
  return {
    creation: history.creation,
    snapshots: epochs.map((epoch) => {
      const { deviceCount, quarantined, device } = history.snapshotAt(epoch)
      return { deviceCount, quarantined, devices: Array.from({ length: 12 }, (_, i) => device(i)) }
    }),
    rulesets: epochs.map((epoch) => history.rulesetAt(epoch)),
    beacons: epochs.map((epoch) => history.beaconOf(epoch)),
    slots: [...history.slots.list],
    roots: [history.roots.all, history.roots.standing, history.roots.head],
    stakes: epochs.map((epoch) =>
      [1, 2].map((byte) => history.stakes.weightOf('verifier', account(byte), epoch)),
    ),
    endpoints: history.stakes.endpoints('verifier'),
  }
}

/** Random events that a contract could have emitted in this order. */
function randomEvents(choices: readonly number[]): HistoryEvent[] {
  const make = eventMaker()
  const events = [make('NetworkCreated', creation)]
  let devices = 0
  let slots = 0
  const accepted: number[] = []
  choices.forEach((choice, i) => {
    const fromEpoch = Math.floor(i / 8) + 1
    const holder = account(1 + (choice % 2))
    const kind = choice % 11
    if (kind === 0 || devices === 0) events.push(make('DeviceRegistered', registered(devices++, fromEpoch)))
    else if (kind === 1)
      events.push(make('KeyRotated', { index: choice % devices, x: word(choice), y: word(i), fromEpoch }))
    else if (kind === 2) events.push(make('DeviceRevoked', { index: choice % devices, fromEpoch }))
    else if (kind === 3)
      events.push(make('Deposited', { role: 1, holder, amount: 1n, bond: BigInt(i + 9), fromEpoch }))
    else if (kind === 4)
      events.push(
        make(
          'Slashed',
          { role: 1, holder, amount: 1n, winner: holder, reward: 0n },
          1_000 + fromEpoch * 100 - 50,
        ),
      )
    else if (kind === 5) events.push(make('Announced', { role: 1, holder, url: `https://${choice}.example` }))
    else if (kind === 6)
      events.push(
        make('EvidenceCommitted', {
          slot: slots++,
          epoch: fromEpoch,
          sealedIn: fromEpoch,
          ingest: holder,
          root: word(i),
          count: 1,
          sizeBytes: 1n,
        }),
      )
    else if (kind === 7 && slots > 0)
      events.push(
        make('EvidenceDeferred', {
          slot: choice % slots,
          newSlot: choice % 3 === 0 ? 0xffff_ffff : slots++,
          deferrals: 1,
        }),
      )
    else if (kind === 8) events.push(make('BeaconCaptured', { epoch: i, beacon: word(i) }))
    else if (kind === 9) {
      const rootId = word(i)
      events.push(make('RootProposed', { rootId, first: i, last: i, root: rootOf(i, i) }))
      events.push(make('RootAccepted', { rootId, first: i, last: i, finalisableAt: 9n }))
      accepted.push(i)
    } else if (kind === 10 && accepted.length > 0) {
      events.push(
        make('RootRemoved', { rootId: word(accepted[choice % accepted.length]!), kind: 1, winner: holder }),
      )
    }
  })
  return events
}

describe('rollback', () => {
  test('default: rolled back and told again, it is as if told once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { maxLength: 60 }), fc.nat(70), (choices, cut) => {
        const events = randomEvents(choices)
        const prefix = events.filter(({ blockNumber }) => blockNumber <= cut)
        const history = createNetworkHistory(network)
        for (const event of events) history.apply(event)
        const whole = describeHistory(history)
        history.rollback(cut)
        expect(describeHistory(history)).toEqual(describeHistory(historyFromEvents(network, prefix)))
        for (const event of events.slice(prefix.length)) history.apply(event)
        expect(describeHistory(history)).toEqual(whole)
      }),
      { numRuns: 150 },
    )
  })

  test('behavior: rolled back to before the first event it is empty', () => {
    const history = createNetworkHistory(network)
    const make = eventMaker()
    history.apply(make('NetworkCreated', creation))
    history.rollback(0)
    expect(history.creation).toBeUndefined()
    expect(() => history.timeline).toThrow(HistoryError)
  })

  test('error: further back than single changes are kept', () => {
    const history = createNetworkHistory(network)
    const make = eventMaker()
    history.apply(make('NetworkCreated', creation))
    for (let epoch = 0; epoch < 5_000; epoch += 1)
      history.apply(make('BeaconCaptured', { epoch, beacon: word(1) }))
    expect(() => history.rollback(100)).toThrow(expect.objectContaining({ code: 'history_forgotten' }))
    history.rollback(4_990)
    expect(history.beaconOf(4_988)).toBe(word(1))
    expect(history.beaconOf(4_989)).toBeUndefined()
    history.rollback(0)
    expect(history.creation).toBeUndefined()
  })
})

test('error: events twice, out of order, or of a slash without its time', () => {
  const make = eventMaker()
  const first = make('NetworkCreated', creation)
  const second = make('DeviceRegistered', registered(0, 0))
  expect(() => historyFromEvents(network, [first, second, second])).toThrow(HistoryError)
  expect(() => historyFromEvents(network, [second, first])).toThrow(HistoryError)
  const slash = make('Slashed', { role: 1, holder: account(1), amount: 1n, winner: account(1), reward: 0n })
  expect(() =>
    historyFromEvents(network, [first, { ...slash, timestamp: undefined } as HistoryEvent]),
  ).toThrow(HistoryError)
})

test('behavior: events of another network are passed over', () => {
  const make = eventMaker()
  const event = make('NetworkCreated', creation)
  const other = { ...event, args: { ...event.args, network: `0x${'00'.repeat(28)}` } } as HistoryEvent
  expect(historyFromEvents(network, [other]).creation).toBeUndefined()
})
