import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { budgetsAbi } from '../generated/budgets.ts'

/** What the epochs first..last give each program, before rollover and after the verifiers' share (spec 4): read, never recomputed. Final once `last` has ended. */
export async function readBudgetOf(
  { client, deployment }: ChainReader,
  { network, first, last }: { readonly network: NetworkId; readonly first: number; readonly last: number },
): Promise<readonly [bigint, bigint, bigint, bigint]> {
  return readContract(client, {
    address: deployment.addresses.budgets,
    abi: budgetsAbi,
    functionName: 'budgetOf',
    args: [network, first, last],
  })
}
