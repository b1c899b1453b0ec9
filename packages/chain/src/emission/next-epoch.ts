import type { Address, Client } from 'viem'
import { readContract } from 'viem/actions'
import { bandEmissionAbi } from '../generated/band-emission.ts'
import { revertDataOf } from '../submit/contract-error.ts'

/** The first epoch that a band has still to take in; undefined for an emission that needs nobody to advance it. */
export async function readNextEmissionEpoch(
  { client }: { readonly client: Client },
  { emission }: { readonly emission: Address },
): Promise<number | undefined> {
  try {
    return await readContract(client, { address: emission, abi: bandEmissionAbi, functionName: 'nextEpoch' })
  } catch (error) {
    // A fixed schedule has no such function.
    if (revertDataOf(error) !== undefined) return undefined
    throw error
  }
}
