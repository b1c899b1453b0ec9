import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** In credits. */
export interface RailQuote {
  readonly perPeriod: bigint
  /** What the rail has to have beside what it owes. */
  readonly needed: bigint
}

/** What a rail of so many leaves costs. */
export async function readRailQuote(
  { client, deployment }: ChainReader,
  { rail, leaves }: { readonly rail: bigint; readonly leaves: bigint },
): Promise<RailQuote> {
  const [perPeriod, needed] = await readContract(client, {
    address: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'quote',
    args: [rail, leaves],
  })
  return { perPeriod, needed }
}
