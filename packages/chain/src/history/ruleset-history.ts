import { type AdoptedPrograms, fromHex, type Hex } from '@cairn/protocol'
import type { Undo } from './undo.ts'

/** A ruleset as it was adopted. */
export interface AdoptedRuleset {
  /** The first epoch it is in force in. */
  readonly fromEpoch: number
  readonly hash: Hex
  /** As the chain has them; the document may say otherwise. */
  readonly programs: AdoptedPrograms
  /** Canonical JSON (spec 4), unparsed. */
  readonly document: Uint8Array
}

/** A stretch of epochs under one ruleset. */
export interface RulesetRun {
  readonly first: number
  readonly last: number
  readonly ruleset: AdoptedRuleset
}

/** The rulesets of a network in order. */
export interface RulesetHistory {
  adopted(event: Omit<AdoptedRuleset, 'document'> & { document: Hex }): Undo
  /** The newest whose fromEpoch is at most `epoch`; undefined before the network exists. */
  at(epoch: number): AdoptedRuleset | undefined
  /** The maximal stretches of first..last, in order: emission is divided run by run (spec 4). */
  runs(first: number, last: number): RulesetRun[]
}

/** Makes a history without rulesets. */
export function createRulesetHistory(): RulesetHistory {
  let list: AdoptedRuleset[] = []
  return {
    adopted({ fromEpoch, hash, programs, document }) {
      const before = list
      // One adopted in the same epoch as another takes its place.
      list = [
        ...list.filter((ruleset) => ruleset.fromEpoch !== fromEpoch),
        { fromEpoch, hash, programs, document: fromHex(document) },
      ]
      return () => {
        list = before
      }
    },
    at: (epoch) => list.findLast(({ fromEpoch }) => fromEpoch <= epoch),
    runs: (first, last) =>
      list
        .map((ruleset, i) => ({
          first: Math.max(first, ruleset.fromEpoch),
          last: Math.min(last, (list[i + 1]?.fromEpoch ?? Number.POSITIVE_INFINITY) - 1),
          ruleset,
        }))
        .filter((run) => run.first <= run.last),
  }
}
