import { type Deployment, type Submitter, setRailTerms } from '@cairn/chain'
import type { NetworkId } from '@cairn/protocol'
import { CREDITS_PER_DOLLAR } from '../output/amounts.ts'

/** Lets customers of the local network pay operators of storage by rails, while its founder still owns it: lost after two missed periods, left with two of notice, nothing held back. */
export async function rentDisks(
  founder: Submitter,
  deployment: Deployment,
  network: NetworkId,
): Promise<void> {
  const call = setRailTerms(deployment, {
    network,
    terms: {
      program: 0,
      lostAfter: 2,
      repairPeriods: 3,
      noticePeriods: 2,
      repairPrice: 5n * CREDITS_PER_DOLLAR,
      heldUntil: [0, 0, 0, 0],
      heldBps: [0, 0, 0, 0],
    },
  })
  await founder.submit(call)
}
