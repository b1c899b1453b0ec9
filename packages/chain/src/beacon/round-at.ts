import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { drandBeaconAbi } from '../generated/drand-beacon.ts'

/** The first drand round at or after a time (Unix seconds): the one to bring to the beacon for an epoch that begins then. */
export async function readRoundAt(
  { client }: Pick<ChainReader, 'client'>,
  { beacon, time }: { readonly beacon: Address; readonly time: bigint },
): Promise<bigint> {
  return readContract(client, {
    address: beacon,
    abi: drandBeaconAbi,
    functionName: 'roundAt',
    args: [time],
  })
}
