import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'
import { decodeContractError, revertDataOf } from '../submit/contract-error.ts'
import type { BondTerms } from './set-bond-terms.ts'

/** The terms in force in an epoch; undefined before there were any. */
export async function readBondTermsAt(
  { client, deployment }: ChainReader,
  { network, epoch }: { readonly network: NetworkId; readonly epoch: number },
): Promise<BondTerms | undefined> {
  try {
    return await readContract(client, {
      address: deployment.addresses.operatorBonds,
      abi: operatorBondsAbi,
      functionName: 'termsAt',
      args: [network, epoch],
    })
  } catch (error) {
    const data = revertDataOf(error)
    if (data !== undefined && decodeContractError(data).name === 'NoBondTerms') return undefined
    throw error
  }
}
