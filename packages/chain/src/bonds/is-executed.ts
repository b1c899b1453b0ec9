import type { Hex } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'

/** Whether what a root found of a device was executed. */
export async function readIsExecuted(
  { client, deployment }: ChainReader,
  { rootId, index }: { readonly rootId: Hex; readonly index: number },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.operatorBonds,
    abi: operatorBondsAbi,
    functionName: 'isExecuted',
    args: [rootId, index],
  })
}
