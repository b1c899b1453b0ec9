import type { Address, Client } from 'viem'
import { call as ethCall } from 'viem/actions'
import { ContractError, decodeContractError, revertDataOf } from '../submit/contract-error.ts'
import type { ProposalAction } from './proposal.ts'

/**
 * What a call would be refused with if the account made it on the newest block; undefined when it would be done. How a proposal is tried before it is
 * proposed: `from` is the timelock.
 *
 * @param name of the call, for the error
 */
export async function readRefusalOf(
  client: Client,
  { from, action, name }: { readonly from: Address; readonly action: ProposalAction; readonly name: string },
): Promise<ContractError | undefined> {
  try {
    await ethCall(client, { account: from, to: action.to, data: action.data, value: action.value })
    return undefined
  } catch (error) {
    const data = revertDataOf(error)
    if (data === undefined) throw error
    return new ContractError(name, decodeContractError(data), error)
  }
}
