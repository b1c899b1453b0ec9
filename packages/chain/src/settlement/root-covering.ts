import type { Hex, NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { settlementAbi } from '../generated/settlement.ts'

/** The root that covers the epoch in the standing chain; undefined when none does. */
export async function readRootCovering(
  { client, deployment }: ChainReader,
  { network, epoch }: { readonly network: NetworkId; readonly epoch: number },
): Promise<Hex | undefined> {
  const answer = await readContract(client, {
    address: deployment.addresses.settlement,
    abi: settlementAbi,
    functionName: 'rootCovering',
    args: [network, epoch],
  })
  return BigInt(answer) === 0n ? undefined : answer
}
