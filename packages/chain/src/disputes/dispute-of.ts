import type { ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { disputesAbi } from '../generated/disputes.ts'

/** A dispute, as the contract has it. `state`: 0 none, 1 awaits an answer, 2 awaits the challenger, 3 won by the challenger, 4 lost, 5 withdrawn. */
export type DisputeRecord = ContractFunctionReturnType<typeof disputesAbi, 'view', 'disputeOf'>

/** A dispute; state 0 for one that does not exist. */
export async function readDisputeOf(
  { client, deployment }: ChainReader,
  { id }: { readonly id: bigint },
): Promise<DisputeRecord> {
  return readContract(client, {
    address: deployment.addresses.disputes,
    abi: disputesAbi,
    functionName: 'disputeOf',
    args: [id],
  })
}
