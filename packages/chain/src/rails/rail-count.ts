import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** How many rails were ever opened; ids count from 0. */
export async function readRailCount({ client, deployment }: ChainReader): Promise<bigint> {
  return readContract(client, {
    address: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'railCount',
  })
}
