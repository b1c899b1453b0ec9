import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** Whether an account, a device's owner or delegate, repairs a rail for which `signer` signs: then it may read what that signer stored elsewhere. */
export async function readIsRepairing(
  { client, deployment }: ChainReader,
  { signer, account }: { readonly signer: Address; readonly account: Address },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'isRepairing',
    args: [signer, account],
  })
}
