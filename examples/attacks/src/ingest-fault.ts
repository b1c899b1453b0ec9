import type { Story } from './story.ts'
import { tellEnd } from './tell-end.ts'

/** The ingest that the agent asks first breaks its word; only a receipt in the hands of a watcher shows it. */
export function ingestFault({
  name,
  title,
  fault,
}: Pick<Story, 'name' | 'title'> & { readonly fault: string }): Story {
  return {
    name,
    title,
    cast: () => ({ verifiers: [undefined, undefined, undefined], ingest: fault }),
    async tell(stage) {
      const { chain } = stage
      const { history, until } = chain
      const holders = history.stakes.holders('ingest')
      const before = await chain.readBonds(holders.map((holder) => ({ role: 'ingest', holder })))
      if (stage.watcher !== undefined) {
        const isSlashed = () => holders.some((holder) => history.stakes.slashableOf('ingest', holder) === 0n)
        await until('an ingest loses its bond', isSlashed, 90)
      }
      const final = await until(
        'a root over what was committed is final',
        () => history.roots.standing.find(({ state }) => state === 'final'),
        120,
      )
      return tellEnd(stage, { final, before })
    },
  }
}
