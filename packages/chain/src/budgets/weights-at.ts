import type { NetworkId, PerProgram } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { budgetsAbi } from '../generated/budgets.ts'

/** The weights of the four programs in an epoch, in basis points (spec 7, Programs). */
export async function readWeightsAt(
  { client, deployment }: ChainReader,
  { network, epoch }: { readonly network: NetworkId; readonly epoch: number },
): Promise<PerProgram> {
  return readContract(client, {
    address: deployment.addresses.budgets,
    abi: budgetsAbi,
    functionName: 'weightsAt',
    args: [network, epoch],
  })
}
