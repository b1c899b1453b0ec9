import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'

/** Whether the part of a device's bond that stays is the least of its class. */
export async function readIsBonded(
  { client, deployment }: ChainReader,
  { network, index }: { readonly network: NetworkId; readonly index: number },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.operatorBonds,
    abi: operatorBondsAbi,
    functionName: 'isBonded',
    args: [network, index],
  })
}
