import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { possessionProofsAbi } from '../generated/possession-proofs.ts'
import type { ProvingTerms } from './create-data-set.ts'

/** A data set, and how it stands: `DataSet` of the contracts (spec 10). */
export interface DataSet {
  readonly network: NetworkId
  readonly device: number
  readonly terms: ProvingTerms
  /** Of all pieces that were not removed. */
  readonly leaves: bigint
  /** Ever added; the id of the next one. */
  readonly pieces: number
  /** Periods missed, of those before `accounted`; `readFaultsOf` knows the others too. */
  readonly faults: number
  readonly accounted: number
  /** Undefined when it never was. */
  readonly lastProven: number | undefined
  /** The last one that owes a proof; undefined while the set goes on. */
  readonly lastPeriod: number | undefined
  /** Removals that were not dealt with yet. */
  readonly pendingRemovals: number
  /** Its payer and its operator change it, through a rail; else the device's owner does. */
  readonly railed: boolean
  /** 65 535 for more. */
  readonly provenPeriods: number
  /** Leaves challenged in all proven periods. */
  readonly leafPeriods: bigint
}

/** A data set by its id. */
export async function readDataSet(
  { client, deployment }: ChainReader,
  { set }: { readonly set: bigint },
): Promise<DataSet> {
  const kept = await readContract(client, {
    address: deployment.addresses.possessionProofs,
    abi: possessionProofsAbi,
    functionName: 'setOf',
    args: [set],
  })
  const { network, device, clock, challenges, leaves, pieces, faults, accounted } = kept
  const { periodEpochs, windowEpochs } = clock
  return {
    network: network as NetworkId,
    device,
    terms: { periodEpochs, windowEpochs, challenges },
    leaves,
    pieces,
    faults,
    accounted,
    lastProven: lessOne(kept.proven),
    lastPeriod: lessOne(kept.endsAfter),
    pendingRemovals: kept.scheduled - kept.removed,
    railed: kept.railed,
    provenPeriods: kept.provenPeriods,
    leafPeriods: kept.leafPeriods,
  }
}

/** A period that may be none is kept plus one. */
const lessOne = (periodPlusOne: number): number | undefined =>
  periodPlusOne === 0 ? undefined : periodPlusOne - 1
