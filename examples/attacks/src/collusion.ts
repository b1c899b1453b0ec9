import type { Stage } from './stage.ts'
import type { Outcome, Story } from './story.ts'
import { tellEnd } from './tell-end.ts'

/** All three verifiers attest the same false root, so it is accepted. Only a challenge can bring it down. */
export function collusion({
  name,
  title,
  fault,
}: Pick<Story, 'name' | 'title'> & { readonly fault: string }): Story {
  return {
    name,
    title,
    cast: () => ({ verifiers: [fault, fault, fault] }),
    async tell(stage, say) {
      const { chain } = stage
      const { history, until } = chain
      const { rootId: falseRoot } = await until(
        'three verifiers attest one root, and it is accepted',
        () => history.roots.standing.find(({ attestations }) => attestations.length === 3),
        90,
      )
      const liars = history.roots.get(falseRoot)!.attestations.map(({ verifier }) => verifier)
      const before = await chain.readBonds(liars.map((holder) => ({ role: 'verifier', holder })))
      if (stage.watcher === undefined) return tellAcceptance(stage, falseRoot, before)
      await until('a challenge removes it', () => history.roots.get(falseRoot)?.state === 'removed', 90)
      const isSlashed = () => liars.every((liar) => history.stakes.slashableOf('verifier', liar) === 0n)
      await until('all who attested it lose their bonds', isSlashed, 30)
      const honest = await stage.joinVerifier()
      say(`${honest} joins as an honest verifier`)
      const final = await until(
        'an honest root covers the epochs that were missed, and is final',
        () => history.roots.standing.find(({ state }) => state === 'final'),
        120,
      )
      return tellEnd(stage, { falseRoot, final, before })
    },
  }
}

/** Without a watcher the lie becomes final. */
async function tellAcceptance(
  stage: Stage,
  falseRoot: NonNullable<Outcome['finalRoot']>,
  before: Parameters<typeof tellEnd>[1]['before'],
): Promise<Outcome> {
  const { history, until } = stage.chain
  const isFinal = () => history.roots.standing.find(({ state }) => state === 'final')
  const final = await until('nobody challenges it, and it is final', isFinal, 90)
  return tellEnd(stage, { falseRoot, final, before })
}
