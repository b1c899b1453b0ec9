import type { Hex } from '@cairn/protocol'
import type { ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** What the contract keeps of a root. `state`: 0 none, 1 attesting, 2 challengeable, 3 final, 4 removed. */
export type RootRecord = ContractFunctionReturnType<typeof settlementAbi, 'view', 'recordOf'>

/** What the contract keeps of a root; state 0 for one it never saw. */
export async function readRecordOf(
  { client, deployment }: ChainReader,
  { rootId }: { readonly rootId: Hex },
): Promise<RootRecord> {
  return readContract(client, {
    address: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'recordOf',
    args: [rootId],
  })
}
