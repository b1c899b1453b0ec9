import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'

/** The public score of a device at an epoch: its executed faults, less what was forgiven by then. */
export async function readScoreOf(
  { client, deployment }: ChainReader,
  { network, index, epoch }: { readonly network: NetworkId; readonly index: number; readonly epoch: number },
): Promise<number> {
  return readContract(client, {
    address: deployment.addresses.operatorBonds,
    abi: operatorBondsAbi,
    functionName: 'scoreOf',
    args: [network, index, epoch],
  })
}
