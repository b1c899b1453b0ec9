import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { stakeAbi } from '../generated/stake.ts'
import { type Role, roleNumber } from './role.ts'

/** How many promises of the holder are not resolved yet; they keep its bond in. */
export async function readLiabilitiesOf(
  { client, deployment }: ChainReader,
  { network, role, holder }: { readonly network: NetworkId; readonly role: Role; readonly holder: Address },
): Promise<number> {
  return readContract(client, {
    address: deployment.addresses.stake,
    abi: stakeAbi,
    functionName: 'liabilitiesOf',
    args: [network, roleNumber(role), holder],
  })
}
