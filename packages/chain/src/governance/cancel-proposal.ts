import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { networkGovernorAbi } from '../generated/network-governor.ts'
import { contentArguments, type ProposalContent } from './proposal.ts'

/** Takes back a proposal whose vote has not begun; its proposer sends it. */
export function cancelProposal(governor: Address, content: ProposalContent): Call {
  return encodeCall({
    contract: 'NetworkGovernor',
    to: governor,
    abi: networkGovernorAbi,
    functionName: 'cancel',
    args: contentArguments(content),
  })
}
