import { readCumulativeEmission } from '@cairn/chain'
import { parseRuleset, type Work4 } from '@cairn/protocol'
import type { OpenNetwork } from '../open-network.ts'

const WHOLE_BPS = 10_000n

/**
 * What a range's emission would give each program under a proposed ruleset (spec 4): the schedule is the network's own, only the division is proposed.
 *
 * @returns amounts in the token's smallest unit, before rollover
 */
export function proposedBudget(
  open: Pick<OpenNetwork, 'client' | 'deployment' | 'followed'>,
  document: Uint8Array,
): (first: number, last: number) => Promise<Work4> {
  const { emission, verifierShareBps } = open.followed.history.creation!.config
  const weights = parseRuleset(document).programs.map(({ weightBps }) => BigInt(weightBps))
  /** Before the epoch, less the verifiers' share. */
  const emittedBefore = async (epoch: number) => {
    const emitted = await readCumulativeEmission(open, { emission, epoch })
    return emitted - (emitted * BigInt(verifierShareBps)) / WHOLE_BPS
  }
  return async (first, last) => {
    const [before, after] = await Promise.all([emittedBefore(first), emittedBefore(last + 1)])
    const part = (program: number) => ((after - before) * (weights[program] ?? 0n)) / WHOLE_BPS
    return [part(0), part(1), part(2), part(3)]
  }
}
