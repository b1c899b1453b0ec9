import type { Hex } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { drandBeaconAbi } from '../generated/drand-beacon.ts'

/** The word a beacon has for a time (Unix seconds), which is that of the first round at or after it; undefined while nobody brought it. */
export async function readWordOf(
  { client }: Pick<ChainReader, 'client'>,
  { beacon, time }: { readonly beacon: Address; readonly time: bigint },
): Promise<Hex | undefined> {
  const word = await readContract(client, {
    address: beacon,
    abi: drandBeaconAbi,
    functionName: 'wordOf',
    args: [time],
  })
  return BigInt(word) === 0n ? undefined : word
}
