import type { Hex } from '@cairn/protocol'
import { derivePeriods } from '../reputation/derive-periods.ts'
import { deriveReputation, type Reputation } from '../reputation/derive-reputation.ts'
import type { Containment } from '../reputation/judge-record.ts'
import { defaultReputationParameters, ONE } from '../reputation/parameters.ts'
import { parseRecord, RECORD_BYTES } from '../reputation/record.ts'
import type { SlabIndex } from '../slab/slab-index.ts'
import type { GatewayChain } from './gateway-chain.ts'

/** What following reputations needs from outside. */
export interface StandingsOptions {
  readonly index: Pick<SlabIndex, 'records' | 'forgetRecords'>
  readonly chain: Pick<GatewayChain, 'context' | 'readHistories'>
  readonly nowMs: () => number
}

/** What is thought of the operators of a gateway: from the chain, and from what the gateway itself saw. */
export interface Standings {
  /** @throws what the chain did wrong; what was known stays */
  refresh(devices: readonly { readonly device: number; readonly owner: Hex }[]): Promise<void>
  /** Of placements, in millionths: as its reputation has it, that of a new operator where it is not known yet, and all before anybody is. */
  sharePpm(device: number): number
  /** Rows that it did not show, and is to be asked for again. */
  contained(device: number): readonly Containment[]
}

/** After so long a record weighs a thousandth of what it did, and is dropped. */
const recordSeconds = 365 * 86_400

/** Knows nothing before the first refresh. */
export function followStandings({ index, chain, nowMs }: StandingsOptions): Standings {
  let known: ReadonlyMap<number, Reputation> = new Map()
  return {
    sharePpm(device) {
      if (known.size === 0) return Number(ONE)
      return Number(known.get(device)?.placement ?? defaultReputationParameters.vettingShare)
    },
    contained: (device) => known.get(device)?.contained ?? [],
    async refresh(devices) {
      const { now, byDevice } = await chain.readHistories(devices)
      const until = Math.max(now, Math.floor(nowMs() / 1_000))
      index.forgetRecords(until - recordSeconds)
      const { network } = chain.context
      known = new Map(
        devices.map(({ device, owner }) => {
          const periods = (byDevice.get(device) ?? []).flatMap((history) => derivePeriods(history, now))
          const seen = index.records(device).map((signed) => parseRecord(signed.subarray(0, RECORD_BYTES)))
          const scope = { network, device, owner, until }
          return [device, deriveReputation([...periods, ...seen], scope, defaultReputationParameters)]
        }),
      )
    },
  }
}
