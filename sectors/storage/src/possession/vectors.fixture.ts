import { readFileSync } from 'node:fs'
import type { Hex } from '@cairn/protocol'
import type { ProvingClock, ProvingPeriod } from './proving-clock.ts'

/** specs/vectors/possession.json, which the contract's tests read too. */
interface PossessionVectors {
  readonly clocks: readonly { readonly clock: ProvingClock; readonly periods: readonly ProvingPeriod[] }[]
  readonly scenarios: readonly {
    readonly set: number
    readonly beacon: Hex
    readonly challenges: number
    readonly leaves: readonly number[]
    readonly removed: readonly number[]
    readonly challengedPieces: readonly number[]
    readonly challengedLeaves: readonly number[]
  }[]
}

export const vectors: PossessionVectors = JSON.parse(
  readFileSync(new URL('../../../../specs/vectors/possession.json', import.meta.url), 'utf8'),
)
