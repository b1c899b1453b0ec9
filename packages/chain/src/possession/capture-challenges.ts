import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'
import type { ProvingTerms } from './create-data-set.ts'

/** What {@link captureChallenges} needs. */
export interface CaptureChallengesArgs extends Pick<ProvingTerms, 'periodEpochs' | 'windowEpochs'> {
  readonly network: NetworkId
}

/** Takes the beacon of the period in its window, until the window's middle: who does not prove it then is at fault. Anybody, for all sets of these terms. */
export function captureChallenges(
  deployment: Deployment,
  { network, periodEpochs, windowEpochs }: CaptureChallengesArgs,
): Call {
  return encodeCall({
    contract: 'PossessionProofs',
    to: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'capture',
    args: [network, periodEpochs, windowEpochs],
  })
}
