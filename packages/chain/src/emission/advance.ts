import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { bandEmissionAbi } from '../generated/band-emission.ts'

/**
 * The call that lets a band take in epochs that are over and pay what they emit. Anybody may make it.
 *
 * @param limit the most steps: an epoch each, or a stretch in which nothing is paid; about 100 000 gas for a step
 */
export function advanceEmission({
  emission,
  limit,
}: {
  readonly emission: Address
  readonly limit: number
}): Call {
  return encodeCall({
    contract: 'BandEmission',
    to: emission,
    abi: bandEmissionAbi,
    functionName: 'advance',
    args: [BigInt(limit)],
  })
}
