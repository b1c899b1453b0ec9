import { readBondTermsAt, readLeastBondOf } from '@cairn/chain'
import { exposedEpochs, ladderBps, type OperatorParameters, type SafetyTimeline } from '@cairn/economics'
import type { OpenNetwork } from '../open-network.ts'

/** Whose bond is looked at: what devices are registered as where a network makes no difference. */
const DEVICE_CLASS = 0

/** What is known of the epoch that a dishonest device would earn in. */
export interface OperatorEpoch {
  readonly epoch: number
  readonly timeline: SafetyTimeline
  /** What programs pay in it, in the token's smallest unit. */
  readonly programs: bigint
  /** How likely a fault is found, in basis points. */
  readonly detectionBps: number
}

/**
 * What a device risks and gains that is dishonest from now on: its even share of what programs pay, and its faults in every root until the first of them
 * is final and can be executed. Undefined where the network has no bond terms, or no device.
 */
export async function readOperators(
  open: OpenNetwork,
  { epoch, timeline, programs, detectionBps }: OperatorEpoch,
): Promise<OperatorParameters | undefined> {
  const { network } = open.file
  const devices = open.followed.history.snapshotAt(epoch).deviceCount
  const [terms, bond] = await Promise.all([
    readBondTermsAt(open, { network, epoch }),
    readLeastBondOf(open, { network, deviceClass: DEVICE_CLASS }),
  ])
  if (terms === undefined || devices === 0) return undefined
  const epochsUntilDetected = Number(exposedEpochs(timeline, 0)) + 1
  return {
    bond,
    slashBps: ladderBps(terms, epochsUntilDetected),
    gainPerEpoch: programs / BigInt(devices),
    epochsUntilDetected,
    detectionBps,
  }
}
