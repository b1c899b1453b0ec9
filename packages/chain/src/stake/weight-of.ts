import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { stakeAbi } from '../generated/stake.ts'
import { type Role, roleNumber } from './role.ts'

/** min(stake in the snapshot of the epoch, slashable now). */
export async function readWeightOf(
  { client, deployment }: ChainReader,
  {
    network,
    role,
    holder,
    epoch,
  }: { readonly network: NetworkId; readonly role: Role; readonly holder: Address; readonly epoch: number },
): Promise<bigint> {
  return readContract(client, {
    address: deployment.addresses.stake,
    abi: stakeAbi,
    functionName: 'weightOf',
    args: [network, roleNumber(role), holder, epoch],
  })
}
