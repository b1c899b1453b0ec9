import { availabilityEnd, epochAt, epochEnd, sealEnd } from '@cairn/chain'
import type { ServiceName } from '@cairn/testing'
import type { NetworkView } from './network-view.ts'

/** What the victim is at when it is killed. In an `outage` the ingest is killed before it commits, and is away until its sealing is over. */
export type Phase = 'acks' | 'sealing' | 'outage' | 'evidence' | 'verification' | 'posting'

/** When to kill. */
export interface Moment {
  readonly phase: Phase
  /** Unix ms. */
  readonly atMs: number
}

/** Phases in which a service has something to lose, and how long after the phase's beginning (ms) it may be killed. */
const windows: Record<string, Partial<Record<Phase, readonly [number, number]>>> = {
  ingest: { acks: [0, 800], sealing: [1_000, 2_400], outage: [0, 500] },
  verifier: { evidence: [0, 900], verification: [0, 1_800], posting: [0, 1_500] },
  watcher: { acks: [0, 800], verification: [500, 3_000] },
  chain: { sealing: [1_000, 2_500], verification: [800, 3_000], posting: [0, 2_000] },
}

/** The victim's phase that comes next, and a seeded point within it. Two of three ingests are killed while they acknowledge, the others around sealing. */
export function nextMoment({ followed }: NetworkView, victim: ServiceName, random: () => number): Moment {
  const nowMs = Date.now()
  const kind = victim.split('-')[0]!
  const choice = random()
  const within = random()
  const moments = Object.entries(windows[kind]!).flatMap(([phase, [from, to]]) => {
    const afterMs = from + within * (to - from)
    const begin = beginOf(followed, phase as Phase, nowMs - afterMs)
    return begin === undefined ? [] : [{ phase: phase as Phase, atMs: begin + afterMs }]
  })
  const [acks, ...others] = moments.sort((a, b) => Number(b.phase === 'acks') - Number(a.phase === 'acks'))
  if (acks?.phase === 'acks') {
    return choice < 2 / 3 ? acks : others[Math.floor((3 * choice - 2) * others.length)]!
  }
  return moments.reduce((first, moment) => (moment.atMs < first.atMs ? moment : first))
}

/** Unix ms of the first beginning of a phase at or after `fromMs`, of whatever epoch; undefined while none is in sight. */
function beginOf({ history }: NetworkView['followed'], phase: Phase, fromMs: number): number | undefined {
  const { timeline, roots } = history
  if (phase === 'acks') return fromMs
  if (phase === 'posting') {
    const finalisable = roots.standing.flatMap(({ state, finalisableAt }) =>
      state === 'challengeable' && finalisableAt !== undefined ? [finalisableAt * 1000] : [],
    )
    return finalisable.find((ms) => ms >= fromMs)
  }
  const begins = { sealing: epochEnd, outage: epochEnd, evidence: sealEnd, verification: availabilityEnd }[
    phase
  ]
  const oldest = Math.max(0, epochAt(timeline, fromMs / 1000) - 4)
  for (let epoch = oldest; ; epoch++) {
    const ms = begins(timeline, epoch) * 1000
    if (ms >= fromMs) return ms
  }
}
