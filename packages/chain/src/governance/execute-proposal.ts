import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { networkGovernorAbi } from '../generated/network-governor.ts'
import { contentArguments, type ProposalContent } from './proposal.ts'

/** Has the timelock do what a queued proposal says, when its delay is over. Anybody sends it. */
export function executeProposal(governor: Address, content: ProposalContent): Call {
  return encodeCall({
    contract: 'NetworkGovernor',
    to: governor,
    abi: networkGovernorAbi,
    functionName: 'execute',
    args: contentArguments(content),
  })
}
