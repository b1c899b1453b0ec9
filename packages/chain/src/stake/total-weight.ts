import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { stakeAbi } from '../generated/stake.ts'
import { type Role, roleNumber } from './role.ts'

/** The weight of all holders of the role together. */
export async function readTotalWeight(
  { client, deployment }: ChainReader,
  { network, role, epoch }: { readonly network: NetworkId; readonly role: Role; readonly epoch: number },
): Promise<bigint> {
  return readContract(client, {
    address: deployment.addresses.stake,
    abi: stakeAbi,
    functionName: 'totalWeight',
    args: [network, roleNumber(role), epoch],
  })
}
