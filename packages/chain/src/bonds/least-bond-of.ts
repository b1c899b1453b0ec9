import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'

/** The least bond of a device class; 0 where it asks for none. */
export async function readLeastBondOf(
  { client, deployment }: ChainReader,
  { network, deviceClass }: { readonly network: NetworkId; readonly deviceClass: number },
): Promise<bigint> {
  return readContract(client, {
    address: deployment.addresses.operatorBonds,
    abi: operatorBondsAbi,
    functionName: 'leastBondOf',
    args: [network, deviceClass],
  })
}
