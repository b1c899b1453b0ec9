/** The immutable clock of a network, in seconds of block time: `Timeline` of the contracts (spec 6). */
export interface Timeline {
  readonly genesis: bigint
  readonly epochSeconds: number
  readonly sealSeconds: number
  readonly availabilitySeconds: number
  readonly attestSeconds: number
  readonly challengeSeconds: number
  readonly responseSeconds: number
  readonly queueSeconds: number
  readonly exitSeconds: number
}

/** The shortest exit that the contracts let a network have: nobody leaves before the last thing a bond answers for can be proven (spec 6, Timeline). */
export function leastExitSeconds(
  timeline: Omit<Timeline, 'genesis' | 'queueSeconds' | 'exitSeconds'>,
): number {
  const { epochSeconds, sealSeconds, availabilitySeconds, attestSeconds, challengeSeconds, responseSeconds } =
    timeline
  const longest = Math.max(challengeSeconds, availabilitySeconds + attestSeconds)
  return epochSeconds + sealSeconds + longest + 8 * responseSeconds
}

/** The epoch that `time` (Unix seconds) falls in; 0 before genesis. */
export function epochAt({ genesis, epochSeconds }: Timeline, time: number): number {
  return time < Number(genesis) ? 0 : Math.floor((time - Number(genesis)) / epochSeconds)
}

/** The first epoch whose snapshot sees a change made at `time`: the one after, and 0 before genesis. */
export function nextEpoch(timeline: Timeline, time: number): number {
  return time < Number(timeline.genesis) ? 0 : epochAt(timeline, time) + 1
}

/** Unix seconds at which the epoch begins. */
export function epochStart({ genesis, epochSeconds }: Timeline, epoch: number): number {
  return Number(genesis) + epoch * epochSeconds
}

/** Unix seconds at which the epoch ends and its sealing begins. */
export function epochEnd(timeline: Timeline, epoch: number): number {
  return epochStart(timeline, epoch) + timeline.epochSeconds
}

/** Unix seconds at which commitments end and availability begins. */
export function sealEnd(timeline: Timeline, epoch: number): number {
  return epochEnd(timeline, epoch) + timeline.sealSeconds
}

/** Unix seconds at which votes on availability end and attesting begins. */
export function availabilityEnd(timeline: Timeline, epoch: number): number {
  return sealEnd(timeline, epoch) + timeline.availabilitySeconds
}

/** Unix seconds at which attesting ends. */
export function attestEnd(timeline: Timeline, epoch: number): number {
  return availabilityEnd(timeline, epoch) + timeline.attestSeconds
}

/** Where an epoch is on its way (spec 6); `pending` before it begins. */
export type Phase =
  | 'pending'
  | 'open'
  | 'sealing'
  | 'availability'
  | 'attesting'
  | 'challengeable'
  | 'final'
  | 'unsettled'

/**
 * The phase of an epoch at `now` (Unix seconds of block time).
 *
 * @param covered what became of the root that covers the epoch, if one does: an accepted root ends attesting early
 */
export function phaseOf(
  timeline: Timeline,
  { epoch, now, covered }: { epoch: number; now: number; covered?: 'challengeable' | 'final' | undefined },
): Phase {
  if (now < epochStart(timeline, epoch)) return 'pending'
  if (now < epochEnd(timeline, epoch)) return 'open'
  if (covered !== undefined) return covered
  if (now < sealEnd(timeline, epoch)) return 'sealing'
  if (now < availabilityEnd(timeline, epoch)) return 'availability'
  if (now < attestEnd(timeline, epoch)) return 'attesting'
  return 'unsettled'
}
