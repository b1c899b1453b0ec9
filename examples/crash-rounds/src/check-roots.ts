import { type ProcessNetwork, runCairn } from '@cairn/testing'
import type { NetworkView } from './network-view.ts'

/** What verifiers attested, and whether anybody can recompute it. */
export interface RootsCheck {
  readonly roots: number
  readonly final: number
  /** Roots that stand and that not all three verifiers voted for. */
  readonly withoutAllThree: readonly {
    readonly first: number
    readonly last: number
    readonly votes: number
  }[]
  /** Roots that somebody attested and that do not stand: two verifiers disagreed. */
  readonly strays: readonly string[]
  /** Whether `cairn audit` recomputes all of them. */
  readonly audited: boolean
}

/** Compares votes, and runs `cairn audit`, which uses nothing of what the services keep. */
export async function checkRoots(net: ProcessNetwork, { followed }: NetworkView): Promise<RootsCheck> {
  const { roots } = followed.history
  const standing = new Set(roots.standing.map(({ rootId }) => rootId))
  const audit = await runCairn<{ same: boolean; roots: readonly unknown[] }>({
    home: net.home,
    args: ['audit'],
  })
  return {
    roots: standing.size,
    final: roots.standing.filter(({ state }) => state === 'final').length,
    withoutAllThree: roots.standing
      .filter(({ attestations }) => attestations.length !== 3)
      .map(({ root, attestations }) => ({ first: root.first, last: root.last, votes: attestations.length })),
    strays: roots.all.filter(({ rootId }) => !standing.has(rootId)).map(({ rootId }) => rootId),
    audited: audit.exitCode === 0 && audit.value.same && audit.value.roots.length === standing.size,
  }
}
