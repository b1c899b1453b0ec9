import type { Address, Client } from 'viem'
import { readContract } from 'viem/actions'
import { bandEmissionAbi } from '../generated/band-emission.ts'
import { readCumulativeEmission } from './cumulative.ts'
import { readNextEmissionEpoch } from './next-epoch.ts'

/** The most that an epoch emits, as far as it is known now: what its schedule says, and for a band all of the smoothed burn beside its base. */
export async function readMostEmitted(
  reader: { readonly client: Client },
  { emission, epoch }: { readonly emission: Address; readonly epoch: number },
): Promise<bigint> {
  if ((await readNextEmissionEpoch(reader, { emission })) === undefined)
    return readScheduled(reader, emission, epoch)
  const band = { address: emission, abi: bandEmissionAbi } as const
  const [{ base }, smoothedBurn] = await Promise.all([
    readContract(reader.client, { ...band, functionName: 'terms' }),
    readContract(reader.client, { ...band, functionName: 'smoothedBurn' }),
  ])
  return (await readScheduled(reader, base, epoch)) + smoothedBurn
}

async function readScheduled(
  reader: { readonly client: Client },
  emission: Address,
  epoch: number,
): Promise<bigint> {
  const [before, after] = await Promise.all([
    readCumulativeEmission(reader, { emission, epoch }),
    readCumulativeEmission(reader, { emission, epoch: epoch + 1 }),
  ])
  return after - before
}
