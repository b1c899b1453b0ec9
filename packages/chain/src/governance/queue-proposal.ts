import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { networkGovernorAbi } from '../generated/network-governor.ts'
import { contentArguments, type ProposalContent } from './proposal.ts'

/** Schedules a proposal that passed with the timelock. Anybody sends it. */
export function queueProposal(governor: Address, content: ProposalContent): Call {
  return encodeCall({
    contract: 'NetworkGovernor',
    to: governor,
    abi: networkGovernorAbi,
    functionName: 'queue',
    args: contentArguments(content),
  })
}
