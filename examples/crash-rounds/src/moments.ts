import { availabilityEnd, epochAt, epochEnd, sealEnd } from '@cairn/chain'
import type { ServiceName } from '@cairn/testing'
import type { NetworkView } from './network-view.ts'

/** What the victim is at when it is killed. */
export type Phase = 'acks' | 'sealing' | 'evidence' | 'verification' | 'posting'

/** When to kill. */
export interface Moment {
  readonly phase: Phase
  /** Unix ms. */
  readonly atMs: number
}

/** Phases in which a service has something to lose, and how long after the phase's beginning (ms) it may be killed. */
const windows: Record<string, Partial<Record<Phase, readonly [number, number]>>> = {
  ingest: { acks: [0, 800], sealing: [1_000, 2_400] },
  verifier: { evidence: [0, 900], verification: [0, 1_800], posting: [0, 1_500] },
  watcher: { acks: [0, 800], verification: [500, 3_000] },
  chain: { sealing: [1_000, 2_500], verification: [800, 3_000], posting: [0, 2_000] },
}

/** The victim's phase that comes next, and a seeded point within it. An ingest is killed while it acknowledges twice as often as while it seals. */
export function nextMoment({ followed }: NetworkView, victim: ServiceName, random: () => number): Moment {
  const nowMs = Date.now()
  const kind = victim.split('-')[0]!
  const choice = random()
  const within = random()
  const moments = Object.entries(windows[kind]!).map(([phase, [from, to]]) => {
    const begin = beginOf(followed, phase as Phase, nowMs - from - within * (to - from))
    return { phase: phase as Phase, atMs: begin + from + within * (to - from) }
  })
  const [acks, ...others] = moments.sort((a, b) => Number(b.phase === 'acks') - Number(a.phase === 'acks'))
  if (acks?.phase === 'acks') return choice < 2 / 3 ? acks : others[0]!
  return moments.reduce((first, moment) => (moment.atMs < first.atMs ? moment : first))
}

/** Unix ms of the first beginning of a phase at or after `fromMs`, of whatever epoch. */
function beginOf({ history }: NetworkView['followed'], phase: Phase, fromMs: number): number {
  const { timeline } = history
  const oldest = Math.max(0, epochAt(timeline, fromMs / 1000) - 4)
  const beginnings = {
    acks: () => fromMs / 1000,
    sealing: (epoch: number) => epochEnd(timeline, epoch),
    evidence: (epoch: number) => sealEnd(timeline, epoch),
    verification: (epoch: number) => availabilityEnd(timeline, epoch),
    posting: (epoch: number) =>
      // Votes are in a second or two after availability, and then a root is open to challenges.
      availabilityEnd(timeline, epoch) + 2 + timeline.challengeSeconds,
  }
  const known = history.roots.standing.flatMap(({ state, finalisableAt }) =>
    phase === 'posting' && state === 'challengeable' && finalisableAt !== undefined ? [finalisableAt] : [],
  )
  const expected =
    known.length > 0 ? known : Array.from({ length: 8 }, (_, i) => beginnings[phase](oldest + i))
  return (expected.find((second) => second * 1000 >= fromMs) ?? fromMs / 1000) * 1000
}
