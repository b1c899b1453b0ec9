import type { Hex } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { disputesAbi } from '../generated/disputes.ts'
import { type TreeKind, treeKindNumber } from './tree-kind.ts'

/** Whether what lies below the place was shown in a dispute. `device` is 0 but for verdict trees. */
export async function readIsShown(
  { client, deployment }: ChainReader,
  {
    rootId,
    tree,
    device,
    height,
    position,
  }: {
    readonly rootId: Hex
    readonly tree: TreeKind
    readonly device: number
    readonly height: number
    readonly position: number
  },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'isShown',
    args: [rootId, treeKindNumber(tree), device, height, position],
  })
}
