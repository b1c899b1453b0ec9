import type { Hex, NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** The newest accepted root that stands; undefined before the first. */
export async function readHead(
  { client, deployment }: ChainReader,
  { network }: { readonly network: NetworkId },
): Promise<Hex | undefined> {
  const answer = await readContract(client, {
    address: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'head',
    args: [network],
  })
  return BigInt(answer) === 0n ? undefined : answer
}
