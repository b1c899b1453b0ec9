import { describe, expect, it } from 'vitest'
import { challengerMoves, type GameView, type OpenDispute } from './challenger-moves.ts'
import type { Demand, Findings, Proof } from './fault.ts'

const node = new Uint8Array(48)
const demandAt = (height: number, position: number): Demand => ({
  kind: 'hidden',
  tree: 'payout',
  device: 0,
  height,
  position,
  node,
  siblings: new Uint8Array(),
})
const disputeAt = (
  id: number,
  height: number,
  position: number,
  more: Partial<OpenDispute> = {},
): OpenDispute => ({
  id: BigInt(id),
  challenger: '0xaa',
  about: { kind: 'hidden', tree: 'payout', device: 0, height, position },
  awaits: 'answer',
  dueAt: 100,
  ...more,
})
const shown = [node, node] as const
const view = (more: Partial<GameView> = {}): GameView => ({
  now: 50,
  me: '0xaa',
  isStanding: true,
  isLate: false,
  disputes: [],
  mostOpen: 4,
  ...more,
})
const findings = (more: Partial<Findings> = {}): Findings => ({
  isTrue: false,
  proofs: [],
  demands: [],
  whenLate: [],
  unprovable: [],
  ...more,
})
const proof: Proof = { kind: 'bad-payout-sum', descent: { position: 0, pairs: [] } }

describe('challengerMoves', () => {
  it('default: opens what is demanded, and waits for the answer', () => {
    const demands = [demandAt(2, 0)]
    expect(challengerMoves(findings({ demands }), view())).toEqual([{ move: 'open', demand: demands[0] }])
    const disputes = [disputeAt(1, 2, 0)]
    expect(challengerMoves(findings({ demands }), view({ disputes }))).toEqual([])
  })

  it('default: goes down on the side of the demand', () => {
    const disputes = [disputeAt(1, 3, 0, { awaits: 'challenger', shown })]
    const demands = [demandAt(2, 1)]
    expect(challengerMoves(findings({ demands }), view({ disputes }))).toEqual([
      { move: 'pick', id: 1n, right: true, pair: shown },
    ])
  })

  it('default: goes down one side and opens the other', () => {
    const disputes = [disputeAt(1, 3, 0, { awaits: 'challenger', shown })]
    const demands = [demandAt(2, 0), demandAt(2, 1)]
    const moves = challengerMoves(findings({ demands }), view({ disputes }))
    expect(moves.map(({ move }) => move)).toEqual(['pick', 'open'])
  })

  it('behavior: a proof goes before everything else', () => {
    const disputes = [disputeAt(1, 2, 0, { dueAt: 10 })]
    const moves = challengerMoves(
      findings({ proofs: [proof, proof], demands: [demandAt(1, 0)] }),
      view({ disputes }),
    )
    expect(moves).toEqual([{ move: 'prove', proof }])
  })

  it('behavior: silence loses, whoever asked', () => {
    const disputes = [disputeAt(1, 2, 0, { dueAt: 49, challenger: '0xbb' })]
    expect(challengerMoves(findings({ demands: [demandAt(2, 0)] }), view({ disputes }))).toEqual([
      { move: 'timeout', id: 1n },
    ])
    expect(challengerMoves(findings(), view({ disputes, now: 49 }))).toEqual([])
  })

  it('behavior: leaves the way to who is on it already, unless time is short', () => {
    const disputes = [disputeAt(1, 3, 0, { challenger: '0xbb', awaits: 'challenger', shown })]
    const demands = [demandAt(2, 1), demandAt(2, 4)]
    const open = (position: number) => ({ move: 'open', demand: demandAt(2, position) })
    expect(challengerMoves(findings({ demands }), view({ disputes }))).toEqual([open(4)])
    expect(challengerMoves(findings({ demands }), view({ disputes, isLate: true }))).toEqual([
      open(1),
      open(4),
    ])
  })

  it('behavior: keeps nothing for later when time is short', () => {
    const given = findings({ demands: [demandAt(2, 0)], whenLate: [demandAt(2, 3)] })
    expect(challengerMoves(given, view())).toHaveLength(1)
    expect(challengerMoves(given, view({ isLate: true }))).toHaveLength(2)
  })

  it('behavior: never has more open than allowed, and what was given up does not count', () => {
    const demands = [0, 1, 2, 3].map((position) => demandAt(1, position))
    const disputes = [disputeAt(1, 5, 0), disputeAt(2, 0, 9, { awaits: 'challenger' })]
    expect(challengerMoves(findings({ demands }), view({ disputes, mostOpen: 3 }))).toHaveLength(2)
  })

  it('behavior: takes bonds back from a root that fell, its own only', () => {
    const disputes = [disputeAt(1, 2, 0), disputeAt(2, 2, 1, { challenger: '0xbb' })]
    const moves = challengerMoves(findings({ proofs: [proof] }), view({ disputes, isStanding: false }))
    expect(moves).toEqual([{ move: 'withdraw', id: 1n }])
  })

  it('behavior: a true root is left alone', () => {
    const disputes = [disputeAt(1, 2, 0, { dueAt: 1 })]
    expect(challengerMoves(findings({ isTrue: true }), view({ disputes }))).toEqual([])
  })
})
