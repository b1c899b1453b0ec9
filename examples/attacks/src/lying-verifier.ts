import { attestEnd, type NetworkHistory, type RootEntry } from '@cairn/chain'
import type { Story } from './story.ts'
import { tellEnd } from './tell-end.ts'

export const lyingVerifier: Story = {
  name: 'lying-verifier',
  title: 'One verifier attests a root of its own; the others outvote it.',
  cast: (liars) => ({ verifiers: [0, 1, 2].map((place) => (place < liars ? 'lie' : undefined)) }),
  async tell(stage) {
    const { chain } = stage
    const { history, until } = chain
    const holders = history.stakes.holders('verifier')
    const before = await chain.readBonds(holders.map((holder) => ({ role: 'verifier', holder })))
    const rivals = await until('verifiers attest different roots of an epoch', () => rivalsOf(history), 90)
    const { last } = rivals[0]!.root
    const final = await until(
      'the root of the majority is final, or the epoch goes by without a majority',
      () => {
        const covering = history.roots.covering(last)
        const isOver = chain.now >= attestEnd(history.timeline, last)
        if (covering === undefined) return isOver && 'none'
        return covering.state === 'final' && covering
      },
      90,
    )
    const honest = final === 'none' ? undefined : final
    const falseRoot = rivals.find(({ rootId }) => rootId !== honest?.rootId)
    return tellEnd(stage, { falseRoot: falseRoot?.rootId, final: honest, before })
  },
}

/** Roots of the first epoch that all three have voted for and do not agree about: sometimes the liar comes too late. */
function rivalsOf({ roots }: NetworkHistory): readonly RootEntry[] | undefined {
  for (const { root } of roots.all) {
    const rivals = roots.all.filter(
      (rival) => rival.root.last === root.last && rival.root.parent === root.parent,
    )
    const votes = rivals.reduce((sum, { attestations }) => sum + attestations.length, 0)
    if (rivals.length > 1 && votes === 3) return rivals
  }
  return undefined
}
