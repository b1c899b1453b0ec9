import type { ProcessNetwork, ServiceName } from '@cairn/testing'
import type { Load } from './load.ts'
import type { NetworkView } from './network-view.ts'
import type { ReceiptFeed } from './receipt-feed.ts'

/**
 * What a victim had begun, or been given to do, and not finished when it was killed. Each is measured from outside, right before the signal:
 * a round with nothing in any of them hit nobody at work.
 */
export interface InFlight {
  /** Reports (ingest) or receipts (watcher): requests sent to it and not answered. */
  readonly requests: number
  /** Its transactions, for the chain everybody's, that are sent and in no block. */
  readonly transactions: number
  /** For a verifier: votes it may cast and has not, roots to be made final. For a watcher: roots proposed and not judged. */
  readonly due: number
  /** For a verifier: commitments that are sealed and that it does not serve yet. */
  readonly unfetched: number
}

/** Measures; takes a few ms. */
export async function measureInFlight(
  victim: ServiceName,
  { net, view, load, feed }: { net: ProcessNetwork; view: NetworkView; load: Load; feed: ReceiptFeed },
): Promise<InFlight> {
  const from = victim === 'chain' ? undefined : view.addressOf(victim)
  const isVerifier = victim.startsWith('verifier')
  const [transactions, unfetched, unjudged] = await Promise.all([
    view.pending(from),
    isVerifier ? countUnfetched(victim, net, view) : 0,
    victim === 'watcher' ? countUnjudged(net, view) : 0,
  ])
  return {
    requests: victim === 'ingest' ? load.unanswered : victim === 'watcher' ? feed.unanswered : 0,
    transactions,
    due: isVerifier ? view.dueVotes(victim) + countFinalisable(view) : unjudged,
    unfetched,
  }
}

export function isHit({ requests, transactions, due, unfetched }: InFlight): boolean {
  return requests + transactions + due + unfetched > 0
}

function countFinalisable({ followed }: NetworkView): number {
  return followed.history.roots.standing.filter(
    ({ state, finalisableAt }) => state === 'challengeable' && finalisableAt! * 1000 <= Date.now(),
  ).length
}

/** The newest commitments whose sealing is over and that the verifier answers nothing for. */
async function countUnfetched(
  victim: ServiceName,
  { network, urlOf }: ProcessNetwork,
  { followed }: NetworkView,
): Promise<number> {
  const { slots, timeline } = followed.history
  const newest = slots.list.slice(-2).filter(({ epoch, skipped }) => {
    const sealEnd = Number(timeline.genesis) + (epoch + 1) * timeline.epochSeconds + timeline.sealSeconds
    return !skipped && Date.now() >= sealEnd * 1000
  })
  const held = await Promise.all(
    newest.map(({ root }) =>
      fetch(`${urlOf(victim)}/v1/networks/${network}/commitments/${root}`).then(
        ({ ok }) => ok,
        () => true,
      ),
    ),
  )
  return held.filter((isHeld) => !isHeld).length
}

/** Roots on chain beyond those that the watcher says it judged since it started; it judges those that are open. */
async function countUnjudged({ urlOf }: ProcessNetwork, { followed }: NetworkView): Promise<number> {
  const open = followed.history.roots.all.filter(
    ({ state }) => state === 'attesting' || state === 'challengeable',
  )
  try {
    const answer = (await (await fetch(`${urlOf('watcher')}/health`)).json()) as {
      judged: Record<string, number>
    }
    const judged = Object.values(answer.judged).reduce((sum, count) => sum + count, 0)
    return Math.max(0, open.length - judged)
  } catch {
    return 0
  }
}
