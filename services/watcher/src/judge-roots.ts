import type { RootEntry } from '@cairn/chain'
import type { Hex, Root } from '@cairn/protocol'
import type { NetworkSession } from '@cairn/recompute'

/** What recomputing says about a root; `dead` where what it builds on is false already. */
export type Judgement = 'true' | 'false' | 'dead'

/** Recomputes every root that somebody proposes, once. */
export interface RootJudge {
  /** Judges what was not judged yet. A root that can not be judged (its evidence can not be had) is tried again at the next call. */
  run(): Promise<void>
  of(rootId: Hex): Judgement | undefined
  readonly counts: { readonly [judgement in Judgement]: number }
}

/** Makes the judge of a session's roots. */
export function createRootJudge(session: NetworkSession): RootJudge {
  const { history, roots, log } = session
  const judged = new Map<Hex, Judgement>()
  let rollbacks = 0
  const counts = { true: 0, false: 0, dead: 0 }

  const judge = async ({ rootId, root, attestations }: RootEntry): Promise<void> => {
    const { first, last } = root
    const settled = await roots.settle(root.parent, last)
    const judgement = settled === undefined ? 'dead' : settled.rootId === rootId ? 'true' : 'false'
    judged.set(rootId, judgement)
    counts[judgement] += 1
    const by = attestations.map(({ verifier }) => verifier)
    if (judgement === 'true') log.info({ root: rootId, first, last }, 'this root is true')
    else if (judgement === 'dead')
      log.warn({ root: rootId, parent: root.parent }, 'this root builds on a false one')
    else
      log.warn(
        { root: rootId, recomputed: settled?.rootId, first, last, by },
        `this root is false: it differs in ${differences(root, settled!.root).join(', ')}`,
      )
  }
  return {
    counts,
    of: (rootId) => judged.get(rootId),
    async run() {
      // With other blocks, other evidence may count.
      if (rollbacks !== session.rollbacks) judged.clear()
      rollbacks = session.rollbacks
      let failure: { readonly error: unknown } | undefined
      for (const entry of history.roots.all) {
        const isOpen = entry.state === 'attesting' || entry.state === 'challengeable'
        if (!isOpen || judged.has(entry.rootId)) continue
        // One whose evidence can not be had may not keep the others from being judged.
        await judge(entry).catch((error: unknown) => {
          failure = { error }
        })
      }
      if (failure !== undefined) throw failure.error
    },
  }
}

function differences(attested: Root, honest: Root): string[] {
  const names: Partial<Record<keyof Root, string>> = {
    workHash: 'work',
    payoutHash: 'payouts',
    carryHash: 'carry',
    carryCount: 'the number of carry entries',
    payoutSum: 'the sum of payouts',
  }
  return (Object.keys(honest) as (keyof Root)[])
    .filter((field) => String(attested[field]) !== String(honest[field]))
    .map((field) => names[field] ?? field)
}
