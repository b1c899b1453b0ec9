import { BaseError, type Hex, type Root, type Work4 } from '@cairn/protocol'
import type { Settled } from '@cairn/settlement'
import type { NetworkView } from './network-view.ts'
import { type Recomputer, requireSameRoot } from './recomputer.ts'

/** What is to take the place of what was in force, from an epoch on. */
export interface ProposedRules {
  readonly fromEpoch: number
  readonly ruleset?: { readonly hash: Hex; readonly document: Uint8Array }
  /** Hashes of reports to give no work. */
  readonly quarantined?: readonly Hex[]
  /** Emission of a range under the proposed weights; where undefined, what the chain says. */
  readonly budgetOf?: (first: number, last: number) => Promise<Work4>
}

/** One root of the range, as it is and as it would have been. */
export interface ReplayedRoot {
  readonly rootId: Hex
  readonly first: number
  readonly last: number
  readonly before: RootMoney
  readonly after: RootMoney
}

/** Of one root, by program. */
export interface RootMoney {
  /** Budget with what rolled over. */
  readonly pots: Work4
  readonly work: Work4
  /** What nobody worked for, and waits for the next root. */
  readonly rollover: Work4
}

/** What a device earned in the range, and would have. Tokens in their smallest unit. */
export interface ReplayedDevice {
  readonly device: number
  readonly before: bigint
  readonly after: bigint
}

/** What proposed rules would have changed. */
export interface Replay {
  readonly first: number
  readonly last: number
  readonly roots: readonly ReplayedRoot[]
  /** By index; all that the registry had at the last root. */
  readonly devices: readonly ReplayedDevice[]
}

/** A replay that would say nothing true. Code: `nothing_to_replay`. */
export class ReplayError extends BaseError {
  override readonly name = 'ReplayError'
}

/** The view of a network in which the proposed rules were in force. */
export function proposedView(
  view: NetworkView,
  { fromEpoch, ruleset, quarantined = [], budgetOf }: ProposedRules,
): NetworkView {
  return {
    network: view.network,
    genesisMs: view.genesisMs,
    epochMs: view.epochMs,
    slots: () => view.slots(),
    beaconOf: (epoch) => view.beaconOf(epoch),
    rootOf: (rootId) => view.rootOf(rootId),
    budgetOf: budgetOf ?? ((first, last) => view.budgetOf(first, last)),
    rulesetAt: (epoch) => (ruleset !== undefined && epoch >= fromEpoch ? ruleset : view.rulesetAt(epoch)),
    snapshotAt(epoch) {
      const snapshot = view.snapshotAt(epoch)
      if (quarantined.length === 0 || epoch < fromEpoch) return snapshot
      return { ...snapshot, quarantined: new Set([...snapshot.quarantined, ...quarantined]) }
    },
  }
}

/**
 * Settles roots of the network as they are, and again under proposed rules: the same evidence, snapshots, beacons and state before the first.
 *
 * @param roots neighbours in the chain of roots, oldest first
 * @param rules act from the first root's first epoch on, so that no epoch is paid by both
 * @throws RootDiffersError where a root is not what its evidence says: then nothing can be compared with it
 */
export async function replayRoots(
  recomputer: Recomputer,
  roots: readonly { readonly rootId: Hex; readonly root: Root }[],
  rules: Omit<ProposedRules, 'fromEpoch'>,
  onProgress: (done: number) => void = () => undefined,
): Promise<Replay> {
  const first = roots[0]?.root.first
  if (first === undefined) throw nothingToReplay()
  const list = roots.map(({ root }) => root)
  const start = await recomputer.stateOf(list[0]!.parent)
  const replayed: ReplayedRoot[] = []
  const asIs = recomputer.replay(list, (view) => view)
  const asProposed = recomputer.replay(list, (view) => proposedView(view, { ...rules, fromEpoch: first }))
  let ends: { before: Settled; after: Settled } | undefined
  for (const { rootId, root } of roots) {
    const before = await next(asIs)
    requireSameRoot(rootId, before)
    const after = await next(asProposed)
    replayed.push({
      rootId,
      first: root.first,
      last: root.last,
      before: moneyOf(before),
      after: moneyOf(after),
    })
    ends = { before, after }
    onProgress(replayed.length)
  }
  const { before, after } = ends!
  const devices = before.state.cumulative.map((cumulative, device) => {
    const had = start.cumulative[device] ?? 0n
    return { device, before: cumulative - had, after: (after.state.cumulative[device] ?? 0n) - had }
  })
  return { first, last: list.at(-1)!.last, roots: replayed, devices }
}

async function next(settled: AsyncGenerator<Settled>): Promise<Settled> {
  const { value, done } = await settled.next()
  if (done === true) throw new RangeError('A replay ended before its roots.')
  return value
}

function moneyOf({ pots: { pots, totals, rollover } }: Settled): RootMoney {
  return { pots, work: totals, rollover }
}

function nothingToReplay(): ReplayError {
  return new ReplayError({
    code: 'nothing_to_replay',
    message: 'No standing root covers any of these epochs.',
    fix: 'Name epochs that `cairn epoch list` shows as challengeable or final.',
    field: 'epochs',
  })
}
