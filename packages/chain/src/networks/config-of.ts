import type { NetworkId } from '@cairn/protocol'
import type { ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { networksAbi } from '../generated/networks.ts'

/** Everything about a network that never changes, as the contract has it. Times in seconds. */
export type NetworkConfig = ContractFunctionReturnType<typeof networksAbi, 'view', 'configOf'>

/** The network's constants; reverts for a network that does not exist. */
export async function readConfigOf(
  { client, deployment }: ChainReader,
  { network }: { readonly network: NetworkId },
): Promise<NetworkConfig> {
  return readContract(client, {
    address: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'configOf',
    args: [network],
  })
}
