import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDisputeHistory, type DisputeEvent } from './dispute-history.ts'
import { account, network, word } from './events.fixture.ts'

let block = 0
const make = <N extends DisputeEvent['eventName']>(
  eventName: N,
  args: Extract<DisputeEvent, { eventName: N }>['args'],
): DisputeEvent => {
  block += 1
  return { eventName, args, blockNumber: block, logIndex: 0 } as never
}
const open = (id: bigint, kind = 2, of: `0x${string}` = network) =>
  make('DisputeOpened', {
    id,
    network: of,
    rootId: word(1),
    kind,
    tree: 1,
    challenger: account(1),
    dueAt: 50n,
  })

/** One dispute from its opening to its end, for each kind of event. */
function walk(): DisputeEvent[] {
  block = 0
  return [
    open(1n),
    make('HiddenClaimed', { id: 1n, device: 0, height: 2, position: 0 }),
    make('ChildrenShown', { id: 1n, height: 2, position: 0, left: '0x01', right: '0x02', dueAt: 60n }),
    make('ChildPicked', { id: 1n, height: 1, position: 1, dueAt: 70n }),
    open(2n, 4),
    make('UnbackedClaimed', {
      id: 2n,
      deviceIndex: 7,
      entry: { slot: 1, index: 2, observation: 3, reason: 0, work: [1n, 0n, 0n, 0n] },
    }),
    open(3n, 2, `0x${'00'.repeat(28)}`),
    make('ChildPicked', { id: 3n, height: 0, position: 1, dueAt: 70n }),
    make('DisputeEnded', { id: 1n, rootId: word(1), challengerWon: true }),
    make('DisputeWithdrawn', { id: 2n, rootId: word(1) }),
  ]
}

const after = (count: number) => {
  const history = createDisputeHistory(network)
  for (const event of walk().slice(0, count)) history.apply(event)
  return history
}

test('default: an entry says whose turn it is and what the next move is about', () => {
  expect(after(2).get(1n)).toMatchObject({ turn: 'answerer', tree: 'work', height: 2, dueAt: 50 })
  expect(after(3).get(1n)).toMatchObject({
    turn: 'challenger',
    dueAt: 60,
    shown: { left: Uint8Array.of(1), right: Uint8Array.of(2) },
  })
  expect(after(4).get(1n)).toMatchObject({
    turn: 'answerer',
    height: 1,
    position: 1,
    dueAt: 70,
    shown: undefined,
  })
  expect(after(6).get(2n)).toMatchObject({ device: 7, entry: { slot: 1 } })
  expect(after(8).open.map(({ id }) => id)).toEqual([1n, 2n])
  expect(after(10).all.map(({ turn }) => turn)).toEqual(['won', 'withdrawn'])
})

test('behavior: rolled back, it is as if the rest had not happened', () => {
  fc.assert(
    fc.property(fc.nat(10), fc.nat(10), (count, cut) => {
      const history = after(count)
      history.rollback(cut)
      expect(history.all).toEqual(after(Math.min(count, cut)).all)
    }),
  )
})
