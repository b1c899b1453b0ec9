import { BaseError, type Hex, type Root } from '@cairn/protocol'
import {
  type Executor,
  GENESIS,
  type Means,
  type Settled,
  type SettledState,
  settle,
} from '@cairn/settlement'
import { deriveInput } from './derive-input.ts'
import type { NetworkView, SlotView } from './network-view.ts'
import type { StateStore } from './state-file.ts'

export interface RecomputerOptions {
  readonly view: NetworkView
  readonly means: Means
  /** Checked reports of a commitment: `fetchEvidence` with its sources. */
  readonly reportsOf: (slot: SlotView) => Promise<readonly Uint8Array[]>
  readonly states: StateStore
  readonly executor?: Executor
}

export interface Recomputer {
  /** Settles the root that comes after `parent` and ends with the epoch `last`. */
  settleAfter(parent: Hex, last: number, explain?: ReadonlySet<number>): Promise<Settled>
  /** Settles anew what a proposed root claims to be; its id tells whether the claim is true. */
  settleAgain(root: Root, explain?: ReadonlySet<number>): Promise<Settled>
  /** The state a standing root left behind, from the store or by settling its whole ancestry. */
  stateOf(rootId: Hex): Promise<SettledState>
  /**
   * Settles roots anew under a changed view, one by one: the first on what its parent left, each other on what the one before it left under that view. Keeps nothing.
   *
   * @param roots neighbours in the chain of roots, oldest first
   */
  replay(roots: readonly Root[], change: (view: NetworkView) => NetworkView): AsyncGenerator<Settled>
}

/** An ancestor does not come out as it was attested: what builds on it can not be true. Code `root_differs`. */
export class RootDiffersError extends BaseError {}

/** Settles roots from chain history and evidence alone. What the state store holds only saves time. */
export function createRecomputer({
  view,
  means,
  reportsOf,
  states,
  executor,
}: RecomputerOptions): Recomputer {
  const options = executor === undefined ? {} : { executor }

  const settleFrom = async (state: SettledState, last: number, explain: ReadonlySet<number> = new Set()) => {
    const settled = await settle(await deriveInput(view, state, last, reportsOf), means, {
      ...options,
      explain,
    })
    await states.write(settled.state)
    return settled
  }

  const stateOf = async (rootId: Hex): Promise<SettledState> => {
    const ancestry: { rootId: Hex; root: Root }[] = []
    let at = rootId
    let state = at === GENESIS.rootId ? GENESIS : await states.read(at)
    while (state === undefined) {
      const root = view.rootOf(at)
      if (root === undefined) throw unknownRoot(at)
      ancestry.push({ rootId: at, root })
      at = root.parent
      state = at === GENESIS.rootId ? GENESIS : await states.read(at)
    }
    for (const { rootId, root } of ancestry.reverse()) {
      const settled = await settleFrom(state, root.last)
      requireSameRoot(rootId, settled)
      state = settled.state
    }
    return state
  }

  return {
    stateOf,
    async *replay(roots, change) {
      const changed = change(view)
      let state = roots[0] === undefined ? GENESIS : await stateOf(roots[0].parent)
      for (const { last } of roots) {
        const settled = await settle(await deriveInput(changed, state, last, reportsOf), means, options)
        state = settled.state
        yield settled
      }
    },
    settleAfter: async (parent, last, explain) => settleFrom(await stateOf(parent), last, explain),
    settleAgain: async (root, explain) => settleFrom(await stateOf(root.parent), root.last, explain),
  }
}

/** @throws RootDiffersError where a root recomputes to another one */
export function requireSameRoot(rootId: Hex, settled: Settled): void {
  if (settled.rootId !== rootId) throw differs(rootId, settled)
}

function differs(rootId: Hex, { rootId: actual, root: { first, last } }: Settled): RootDiffersError {
  return new RootDiffersError({
    code: 'root_differs',
    message: `The root ${rootId} of epochs ${first} to ${last} recomputes to ${actual}.`,
    fix: 'If it is not yet final, a watcher can challenge it; `cairn audit` shows where the two differ.',
    meta: { expected: rootId, actual },
  })
}

function unknownRoot(rootId: Hex): RootDiffersError {
  return new RootDiffersError({
    code: 'unknown_root',
    message: `The events read so far propose no root ${rootId}.`,
    fix: 'Read the chain up to its head and try again.',
  })
}
