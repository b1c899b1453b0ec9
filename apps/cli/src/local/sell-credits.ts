import { createGovernedFeed, type Deployment, type Submitter, setCreditTerms } from '@cairn/chain'
import type { NetworkId } from '@cairn/protocol'
import { zeroAddress } from 'viem'

/** On a local chain a token is worth a dollar, because its founder says so, and for a week each time: `createFeedKeeper` has it said again. */
const FEED = { decimals: 8, answer: 100_000_000n }
const DAY_SECONDS = 86_400

/** Lets the local network sell credits, while its founder still owns it: a feed that its founder speaks for, a quarter of what is spent to sellers, refunds after a minute. */
export async function sellCredits(
  founder: Submitter,
  deployment: Deployment,
  { network }: { readonly network: NetworkId },
): Promise<void> {
  const feed = await createGovernedFeed(founder, { owner: founder.address, ...FEED })
  const call = setCreditTerms(deployment, {
    network,
    terms: {
      price: {
        feed,
        confidenceFeed: zeroAddress,
        decimals: FEED.decimals,
        maxAgeSeconds: 7 * DAY_SECONDS,
        forgetSeconds: DAY_SECONDS,
        maxDeviationBps: 5_000,
        maxConfidenceBps: 100,
      },
      refundSeconds: 60,
      sellerBps: [2_500, 2_500, 2_500, 2_500],
    },
  })
  await founder.submit(call)
}
