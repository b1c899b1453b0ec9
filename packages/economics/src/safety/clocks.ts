import { type Inequality, inequality } from './inequality.ts'
import type { SafetyAssumptions, SafetyParameters } from './safety-parameters.ts'

/** Transactions that have to be in before a window is over: the announcement of a challenge, the challenge, and one more for a machine that was away. */
const MOVES_IN_A_WINDOW = 3n
/** Moves that the contracts let an exit wait for (spec 6). */
const MOVES_IN_AN_EXIT = 8n

/** Who has to answer can, though block producers keep its transaction out: `response ≥ forced inclusion`. */
export function response(
  { timeline }: SafetyParameters,
  { forcedInclusionSeconds }: SafetyAssumptions,
): Inequality {
  const right = BigInt(forcedInclusionSeconds)
  return inequality({
    name: 'response',
    left: BigInt(timeline.responseSeconds),
    right,
    unit: 'seconds',
    meaning: 'time for a move ≥ how long the chain can keep a transaction out',
    remedy: { parameter: 'responseSeconds', bound: 'least', value: right },
  })
}

/** A challenge gets through before its window is over: `challenge ≥ 3 · response`. */
export function challengeWindow({ timeline }: SafetyParameters): Inequality {
  const right = MOVES_IN_A_WINDOW * BigInt(timeline.responseSeconds)
  return inequality({
    name: 'challenge window',
    left: BigInt(timeline.challengeSeconds),
    right,
    unit: 'seconds',
    meaning: 'time to challenge a root ≥ three moves: announcing, challenging, and one to spare',
    remedy: { parameter: 'challengeSeconds', bound: 'least', value: right },
  })
}

/**
 * No bond leaves before what it stands for can be proven, though every move of that waits for the chain:
 *
 *     exit ≥ epoch + seal + max(challenge, availability + attest) + 8 · max(response, forced inclusion)
 */
export function exit(
  { timeline }: SafetyParameters,
  { forcedInclusionSeconds }: SafetyAssumptions,
): Inequality {
  const { epochSeconds, sealSeconds, availabilitySeconds, attestSeconds, challengeSeconds } = timeline
  const longest = Math.max(challengeSeconds, availabilitySeconds + attestSeconds)
  const move = BigInt(Math.max(timeline.responseSeconds, forcedInclusionSeconds))
  const right = BigInt(epochSeconds + sealSeconds + longest) + MOVES_IN_AN_EXIT * move
  return inequality({
    name: 'exit',
    left: BigInt(timeline.exitSeconds),
    right,
    unit: 'seconds',
    meaning: 'time before a bond leaves ≥ the longest proof against it',
    remedy: { parameter: 'exitSeconds', bound: 'least', value: right },
  })
}
