import { type Address, encodeDeployData } from 'viem'
import { create } from '../deploy/deploy-singletons.ts'
import { governedFeedAbi, governedFeedBytecode } from '../generated/governed-feed.ts'
import type { Submitter } from '../submit/create-submitter.ts'

/** Makes a feed whose price its owner says: for a local chain, where no market has one. `answer` is dollars per token times 10^decimals. */
export async function createGovernedFeed(
  submitter: Submitter,
  {
    owner,
    decimals,
    answer,
  }: { readonly owner: Address; readonly decimals: number; readonly answer: bigint },
): Promise<Address> {
  const data = encodeDeployData({
    abi: governedFeedAbi,
    bytecode: governedFeedBytecode,
    args: [owner, decimals, answer],
  })
  return create(submitter, { name: 'GovernedFeed', data })
}
