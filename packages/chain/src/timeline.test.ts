import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  attestEnd,
  availabilityEnd,
  epochAt,
  epochEnd,
  epochStart,
  leastExitSeconds,
  nextEpoch,
  phaseOf,
  sealEnd,
  type Timeline,
} from './timeline.ts'

const timeline: Timeline = {
  genesis: 1_000n,
  epochSeconds: 60,
  sealSeconds: 10,
  availabilitySeconds: 20,
  attestSeconds: 30,
  challengeSeconds: 100,
  responseSeconds: 5,
  queueSeconds: 1,
  exitSeconds: 140,
}

describe('epochs', () => {
  test('default: instants of epoch 2', () => {
    expect([epochStart, epochEnd, sealEnd, availabilityEnd, attestEnd].map((at) => at(timeline, 2))).toEqual([
      1_120, 1_180, 1_190, 1_210, 1_240,
    ])
  })

  test('behavior: the least exit outlives the challenges, and the time for a late commitment where that is longer', () => {
    expect(leastExitSeconds(timeline)).toBe(60 + 10 + 100 + 40)
    expect(leastExitSeconds({ ...timeline, attestSeconds: 90 })).toBe(60 + 10 + 110 + 40)
  })

  test('behavior: before genesis changes act from epoch 0, later from the next epoch', () => {
    expect([999, 1_000, 1_059, 1_060].map((time) => epochAt(timeline, time))).toEqual([0, 0, 0, 1])
    expect([999, 1_000, 1_059, 1_060].map((time) => nextEpoch(timeline, time))).toEqual([0, 1, 1, 2])
  })

  test('behavior: every instant after genesis lies in exactly its epoch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 2 ** 40 }), (time) => {
        const epoch = epochAt(timeline, time)
        expect(epochStart(timeline, epoch)).toBeLessThanOrEqual(time)
        expect(epochEnd(timeline, epoch)).toBeGreaterThan(time)
        expect(nextEpoch(timeline, time)).toBe(epoch + 1)
      }),
    )
  })
})

describe('phaseOf', () => {
  test.each([
    [1_119, 'pending'],
    [1_120, 'open'],
    [1_179, 'open'],
    [1_180, 'sealing'],
    [1_190, 'availability'],
    [1_210, 'attesting'],
    [1_239, 'attesting'],
    [1_240, 'unsettled'],
  ] as const)('default: epoch 2 at %i is %s', (now, phase) => {
    expect(phaseOf(timeline, { epoch: 2, now })).toBe(phase)
  })

  test('behavior: a root that covers it decides from acceptance on', () => {
    expect(phaseOf(timeline, { epoch: 2, now: 1_215, covered: 'challengeable' })).toBe('challengeable')
    expect(phaseOf(timeline, { epoch: 2, now: 9_999, covered: 'final' })).toBe('final')
    expect(phaseOf(timeline, { epoch: 2, now: 1_130, covered: 'final' })).toBe('open')
  })

  test('behavior: phases never go back', () => {
    const order = ['pending', 'open', 'sealing', 'availability', 'attesting', 'unsettled']
    fc.assert(
      fc.property(fc.nat(3_000), fc.nat(3_000), fc.nat(20), (a, b, epoch) => {
        const at = (now: number) => order.indexOf(phaseOf(timeline, { epoch, now }))
        expect(at(Math.min(a, b))).toBeLessThanOrEqual(at(Math.max(a, b)))
      }),
    )
  })
})
