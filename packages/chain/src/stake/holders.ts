import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { stakeAbi } from '../generated/stake.ts'
import { type Role, roleNumber } from './role.ts'

/** Who holds a bond of the role. */
export async function readHolders(
  { client, deployment }: ChainReader,
  { network, role }: { readonly network: NetworkId; readonly role: Role },
): Promise<readonly Address[]> {
  return readContract(client, {
    address: deployment.addresses.stake,
    abi: stakeAbi,
    functionName: 'holders',
    args: [network, roleNumber(role)],
  })
}
