import type { Hex, NetworkId, Root } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { challengesAbi } from '../generated/challenges.ts'
import { encodeWorkDescent, type WorkDescent } from './proofs.ts'

/** What {@link proveBadWorkSum} needs. */
export interface ProveBadWorkSumArgs {
  readonly network: NetworkId
  readonly root: Root
  readonly descent: WorkDescent
  /** 32 random bytes. */
  readonly salt: Hex
}

/** Kind 3: in the work tree, the last pair's sums do not add up to the node above it. Announced with `commitChallenge` at least one block before. */
export function proveBadWorkSum(
  deployment: Deployment,
  { network, root, descent, salt }: ProveBadWorkSumArgs,
): Call {
  return encodeCall({
    contract: 'Challenges',
    to: deployment.addresses.challenges,
    abi: challengesAbi,
    functionName: 'proveBadWorkSum',
    args: [network, root, encodeWorkDescent(descent), salt],
  })
}
