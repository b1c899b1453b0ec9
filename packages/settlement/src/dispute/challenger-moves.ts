import type { Hex, VerdictEntry } from '@cairn/protocol'
import type { Demand, Findings, Proof } from './fault.ts'
import type { TreeName } from './tree-form.ts'

/** A dispute about a root that is not over. */
export interface OpenDispute {
  readonly id: bigint
  /** Lower case. */
  readonly challenger: Hex
  readonly about:
    | {
        readonly kind: 'hidden'
        readonly tree: TreeName
        readonly device: number
        readonly height: number
        readonly position: number
      }
    | { readonly kind: 'unbacked'; readonly device: number; readonly entry: VerdictEntry }
  readonly awaits: 'answer' | 'challenger'
  /** Unix seconds of block time; the last in which the move can be made. */
  readonly dueAt: number
  /** What the last answer showed. */
  readonly shown?: readonly [Uint8Array, Uint8Array]
}

/** How the games about one root stand. */
export interface GameView {
  /** Unix seconds of block time. */
  readonly now: number
  /** Who challenges, in lower case. */
  readonly me: Hex
  /** Whether the root, and every ancestor of it, still stands. */
  readonly isStanding: boolean
  /** Whether the time to open disputes is running out: then nothing is kept for later. */
  readonly isLate: boolean
  readonly disputes: readonly OpenDispute[]
  /** How many disputes of one's own may await an answer at once. */
  readonly mostOpen: number
}

/** One transaction of a challenger. */
export type ChallengerMove =
  | { readonly move: 'prove'; readonly proof: Proof }
  | { readonly move: 'open'; readonly demand: Demand }
  | {
      readonly move: 'pick'
      readonly id: bigint
      readonly right: boolean
      readonly pair: readonly [Uint8Array, Uint8Array]
    }
  /** Ends a dispute whose clock ran out. */
  | { readonly move: 'timeout'; readonly id: bigint }
  /** Takes the bond back where the root fell otherwise. */
  | { readonly move: 'withdraw'; readonly id: bigint }

/**
 * What a challenger does next about a root, given what is known about it and how the games stand. Never a move against a root that is true.
 */
export function challengerMoves(findings: Findings, view: GameView): ChallengerMove[] {
  const { me, now, disputes } = view
  const mine = disputes.filter(({ challenger }) => challenger === me)
  if (!view.isStanding) return mine.map(({ id }) => ({ move: 'withdraw', id }))
  if (findings.isTrue) return []
  const [proof] = findings.proofs
  if (proof !== undefined) return [{ move: 'prove', proof }]
  const unanswered = disputes.filter(({ awaits, dueAt }) => awaits === 'answer' && now > dueAt)
  if (unanswered.length > 0) return unanswered.map(({ id }) => ({ move: 'timeout', id }))
  return demandMoves(findings, view, mine)
}

function demandMoves(
  { demands, whenLate }: Findings,
  { me, now, isLate, disputes, mostOpen }: GameView,
  mine: readonly OpenDispute[],
): ChallengerMove[] {
  const moves: ChallengerMove[] = []
  const free = new Set(mine.filter(({ awaits, dueAt }) => awaits === 'challenger' && now <= dueAt))
  // One that awaits its challenger and has nothing of interest below it is given up: it does not stand in the way.
  let open = mine.filter(({ awaits }) => awaits === 'answer').length
  const wanted = isLate ? [...demands, ...whenLate] : demands
  for (const demand of wanted) {
    if (disputes.some((dispute) => dispute.awaits === 'answer' && isAbout(dispute, demand))) continue
    const above = [...free].find((dispute) => isAbove(dispute, demand))
    if (above?.shown !== undefined && demand.kind === 'hidden') {
      free.delete(above)
      open += 1
      moves.push({ move: 'pick', id: above.id, right: demand.position % 2 === 1, pair: above.shown })
    } else if (
      !isLate &&
      disputes.some((dispute) => dispute.challenger !== me && isOnTheWay(dispute, demand))
    ) {
      // Somebody else is on the way there. What it brings to light is everybody's, so a second bond would be for nothing.
    } else if (open < mostOpen) {
      open += 1
      moves.push({ move: 'open', demand })
    }
  }
  return moves
}

function isAbout({ about }: OpenDispute, demand: Demand): boolean {
  if (about.device !== demand.device) return false
  if (about.kind === 'unbacked')
    return demand.kind === 'unbacked' && isSameEntry(about.entry, demand.verdict.entry)
  return (
    demand.kind === 'hidden' &&
    about.tree === demand.tree &&
    about.height === demand.height &&
    about.position === demand.position
  )
}

function isAbove({ about }: OpenDispute, demand: Demand): boolean {
  return (
    about.kind === 'hidden' &&
    demand.kind === 'hidden' &&
    about.device === demand.device &&
    about.tree === demand.tree &&
    about.height === demand.height + 1 &&
    about.position === Math.floor(demand.position / 2)
  )
}

function isOnTheWay({ about }: OpenDispute, demand: Demand): boolean {
  if (about.kind !== 'hidden' || demand.kind !== 'hidden') return false
  const levels = about.height - demand.height
  return (
    levels > 0 &&
    about.device === demand.device &&
    about.tree === demand.tree &&
    about.position === Math.floor(demand.position / 2 ** levels)
  )
}

function isSameEntry(a: VerdictEntry, b: VerdictEntry): boolean {
  return (
    a.slot === b.slot &&
    a.index === b.index &&
    a.observation === b.observation &&
    a.reason === b.reason &&
    a.work.every((amount, program) => amount === b.work[program])
  )
}
