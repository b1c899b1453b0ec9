import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** The running or repairing rail from a payer to a device; undefined for none. */
export async function readRailOf(
  { client, deployment }: ChainReader,
  args: { readonly network: NetworkId; readonly payer: Address; readonly device: number },
): Promise<bigint | undefined> {
  const railPlusOne = await readContract(client, {
    address: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'railOf',
    args: [args.network, args.payer, args.device],
  })
  return railPlusOne === 0n ? undefined : railPlusOne - 1n
}
