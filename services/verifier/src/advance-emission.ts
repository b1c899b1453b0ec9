import { advanceEmission, epochAt, readNextEmissionEpoch } from '@cairn/chain'
import type { NetworkSession } from '@cairn/recompute'

/** Steps of one transaction: at about 100 000 gas each a tenth of a block. */
const STEPS = 30

/**
 * Makes what keeps a network's emission up: where it is a band that is behind the epochs that are over, it is advanced, so that the reserve has what roots pay out. Any
 * verifier may be the one that does it; a fixed schedule is asked once and left alone.
 */
export function createEmissionKeeper(session: NetworkSession): (now: number) => Promise<void> {
  let isBand: boolean | undefined
  return async (now) => {
    const { creation, timeline } = session.history
    if (creation === undefined || isBand === false) return
    const { emission } = creation.config
    const isBehind = async () => {
      const next = await readNextEmissionEpoch(session.reader, { emission })
      isBand = next !== undefined
      return next !== undefined && next < epochAt(timeline, now)
    }
    if (!(await isBehind())) return
    await session.send(advanceEmission({ emission, limit: STEPS }), async () => !(await isBehind()))
  }
}
