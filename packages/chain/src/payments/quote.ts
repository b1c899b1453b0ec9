import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { creditsAbi } from '../generated/credits.ts'

/** `PriceState` of the contracts, in its order. */
export const priceStates = [
  'usable',
  'not_positive',
  'decimals_changed',
  'too_large',
  'from_the_future',
  'stale',
  'uncertain',
  'deviates',
  'unreachable',
] as const

/** Whether credits can be bought now, and what these cost. */
export async function readQuote(
  { client, deployment }: ChainReader,
  { network, credits }: { readonly network: NetworkId; readonly credits: bigint },
): Promise<{ readonly state: (typeof priceStates)[number]; readonly tokens: bigint }> {
  const [state, tokens] = await readContract(client, {
    address: deployment.addresses.credits,
    abi: creditsAbi,
    functionName: 'quote',
    args: [network, credits],
  })
  return { state: priceStates[state] ?? 'unreachable', tokens }
}
