import type { Address, Client } from 'viem'
import { readContract } from 'viem/actions'
import { emissionAbi } from './emission-abi.ts'

/** The most that an emission contract ever emits, in the token's smallest unit. */
export async function readEmissionTotal(
  { client }: { readonly client: Client },
  { emission }: { readonly emission: Address },
): Promise<bigint> {
  return readContract(client, { address: emission, abi: emissionAbi, functionName: 'total' })
}
