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
    // Else the honest ones may agree before the liar has said anything.
    stage.signal('verifier-3', 'hold')
    const rivals = await until('two verifiers attest different roots', () => rivalsOf(history), 90)
    stage.signal('verifier-3', 'go')
    const { last } = rivals[0]!.root
    const final = await until(
      'the root of the majority is final, or epochs go by without one',
      () => {
        const covering = history.roots.covering(last)
        const isOver = chain.now >= attestEnd(history.timeline, last + 2)
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

/** Roots of one epoch that verifiers do not agree about. */
function rivalsOf({ roots }: NetworkHistory): readonly RootEntry[] | undefined {
  for (const { root } of roots.all) {
    const rivals = roots.all.filter(
      (rival) => rival.root.last === root.last && rival.root.parent === root.parent,
    )
    if (rivals.length > 1) return rivals
  }
  return undefined
}
