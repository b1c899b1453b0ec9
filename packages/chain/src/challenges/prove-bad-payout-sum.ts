import type { Hex, NetworkId, Root } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { challengesAbi } from '../generated/challenges.ts'
import { encodePayoutDescent, type PayoutDescent } from './proofs.ts'

/** What {@link proveBadPayoutSum} needs. */
export interface ProveBadPayoutSumArgs {
  readonly network: NetworkId
  readonly root: Root
  readonly descent: PayoutDescent
  /** 32 random bytes. */
  readonly salt: Hex
}

/** Kind 3: in the payout tree, the last pair's sums do not add up to the node above it. Announced with `commitChallenge` at least one block before. */
export function proveBadPayoutSum(
  deployment: Deployment,
  { network, root, descent, salt }: ProveBadPayoutSumArgs,
): Call {
  return encodeCall({
    contract: 'Challenges',
    to: deployment.addresses.challenges,
    abi: challengesAbi,
    functionName: 'proveBadPayoutSum',
    args: [network, root, encodePayoutDescent(descent), salt],
  })
}
