import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { budgetsAbi } from '../generated/budgets.ts'

/** The verifiers' share of the emission of the epochs first..last. */
export async function readVerifierBudgetOf(
  { client, deployment }: ChainReader,
  { network, first, last }: { readonly network: NetworkId; readonly first: number; readonly last: number },
): Promise<bigint> {
  return readContract(client, {
    address: deployment.addresses.budgets,
    abi: budgetsAbi,
    functionName: 'verifierBudgetOf',
    args: [network, first, last],
  })
}
