import type { NetworkId } from '@cairn/protocol'
import type { ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { evidenceAbi } from '../generated/evidence.ts'

/** One commitment at one place of the network's evidence, as the contract has it. */
export type SlotRecord = ContractFunctionReturnType<typeof evidenceAbi, 'view', 'slotOf'>

/** The commitment at a slot. */
export async function readSlotOf(
  { client, deployment }: ChainReader,
  { network, slot }: { readonly network: NetworkId; readonly slot: number },
): Promise<SlotRecord> {
  return readContract(client, {
    address: deployment.addresses.evidence,
    abi: evidenceAbi,
    functionName: 'slotOf',
    args: [network, slot],
  })
}
