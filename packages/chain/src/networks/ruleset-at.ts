import type { Hex, NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { networksAbi } from '../generated/networks.ts'

/** The ruleset in force in an epoch: where it began, and its hash. */
export async function readRulesetAt(
  { client, deployment }: ChainReader,
  { network, epoch }: { readonly network: NetworkId; readonly epoch: number },
): Promise<{ readonly fromEpoch: number; readonly hash: Hex }> {
  return readContract(client, {
    address: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'rulesetAt',
    args: [network, epoch],
  })
}
