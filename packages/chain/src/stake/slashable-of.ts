import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { stakeAbi } from '../generated/stake.ts'
import { type Role, roleNumber } from './role.ts'

/** The bond that a slash would take now, its exiting part included. */
export async function readSlashableOf(
  { client, deployment }: ChainReader,
  { network, role, holder }: { readonly network: NetworkId; readonly role: Role; readonly holder: Address },
): Promise<bigint> {
  return readContract(client, {
    address: deployment.addresses.stake,
    abi: stakeAbi,
    functionName: 'slashableOf',
    args: [network, roleNumber(role), holder],
  })
}
