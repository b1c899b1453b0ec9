import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'

/** How a data set is proven: `ProvingTerms` of the contracts (spec 10). */
export interface ProvingTerms {
  /** Epochs of the network in a proving period: `windowEpochs` + 2 or more. */
  readonly periodEpochs: number
  /** The last epochs of the period, in which it is proven: 1 or more. */
  readonly windowEpochs: number
  /** Leaves asked for in each period: 1 to 64. */
  readonly challenges: number
}

/** What {@link createDataSet} needs. */
export interface CreateDataSetArgs {
  readonly network: NetworkId
  /** Index of the device that holds the pieces. */
  readonly device: number
  readonly terms: ProvingTerms
}

/** By the device's owner: an empty data set, whose terms never change. Its id is in the event `DataSetCreated`. */
export function createDataSet(deployment: Deployment, { network, device, terms }: CreateDataSetArgs): Call {
  return encodeCall({
    contract: 'PossessionProofs',
    to: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'createSet',
    args: [network, device, terms],
  })
}
