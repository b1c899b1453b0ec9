import { readCreditTermsOf, readGovernedFeed, sayPrice } from '@cairn/chain'
import { isAddressEqual } from 'viem'
import { getBlock } from 'viem/actions'
import { submitterFor } from '../account.ts'
import type { OpenNetwork } from '../open-network.ts'
import { localAccount } from './local-accounts.ts'

/** How often it is worth looking at a price that is good for days. */
const LOOK_EVERY_SECONDS = 60

/** What keeps the local network's price from becoming stale. */
export interface FeedKeeper {
  /**
   * Lets the founder say the same price again, once it is older than half of what it may be: on a local network nobody else does.
   *
   * @returns whether it was said again
   */
  keep(): Promise<boolean>
}

/** Makes a keeper of the feed that the founder speaks for; a network that was given another one is left alone. */
export function createFeedKeeper(
  open: Pick<OpenNetwork, 'client' | 'deployment' | 'file'>,
  signal: AbortSignal,
): FeedKeeper {
  const { client, file } = open
  const founder = localAccount('founder')
  let lookAt = 0
  return {
    async keep() {
      const now = Number((await getBlock(client, { blockTag: 'latest' })).timestamp)
      if (now < lookAt) return false
      lookAt = now + LOOK_EVERY_SECONDS
      const terms = await readCreditTermsOf(open, { network: file.network })
      if (terms === undefined) return false
      const { feed, maxAgeSeconds } = terms.price
      // A feed of somebody else has no owner to ask for.
      const said = await readGovernedFeed(open, { feed }).catch(() => undefined)
      if (said === undefined || !isAddressEqual(said.owner, founder.address)) return false
      if (2 * (now - said.updatedAt) <= maxAgeSeconds) return false
      await submitterFor(client, founder).submit(sayPrice({ feed, answer: said.answer }), { signal })
      return true
    },
  }
}
