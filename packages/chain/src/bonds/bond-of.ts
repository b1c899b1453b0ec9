import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { operatorBondsAbi } from '../generated/operator-bonds.ts'

/** What a device has at stake, and how it stands: `DeviceBond` of the contracts. Amounts in the token's smallest unit. */
export interface DeviceBond {
  /** All that a slash takes a share of. */
  readonly amount: bigint
  /** The part of it that asked to leave. */
  readonly exiting: bigint
  /** Unix seconds. */
  readonly withdrawableAt: bigint
  /** The first epoch that does not count the part that leaves. */
  readonly exitEpoch: number
  /** Everything up to there was seen final. */
  readonly cleared: boolean
  /** As of `faultEpoch`; `readScoreOf` forgives. */
  readonly score: number
  readonly faultEpoch: number
}

/** The bond of a device; zeros for one without. */
export async function readBondOf(
  { client, deployment }: ChainReader,
  { network, index }: { readonly network: NetworkId; readonly index: number },
): Promise<DeviceBond> {
  return readContract(client, {
    address: deployment.addresses.operatorBonds,
    abi: operatorBondsAbi,
    functionName: 'bondOf',
    args: [network, index],
  })
}
