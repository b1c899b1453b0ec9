import { type Call, type DecodedError, decodeContractError, revertDataOf } from '@cairn/chain'
import type { Address, Client } from 'viem'
import { call } from 'viem/actions'

/** What a contract would say against a call on the newest block; undefined for nothing. @throws what the endpoint throws */
export async function refusalOf(
  client: Client,
  { to, data }: Call,
  account: Address,
): Promise<DecodedError | undefined> {
  try {
    await call(client, { account, to, data })
    return undefined
  } catch (error) {
    const reason = revertDataOf(error)
    if (reason === undefined) throw error
    return decodeContractError(reason)
  }
}
