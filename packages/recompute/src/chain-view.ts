import { type ChainReader, type NetworkHistory, readBudgetOf } from '@cairn/chain'
import { derivePrograms, fromHex, isSamePrograms, parseRuleset } from '@cairn/protocol'
import { HistoryError } from './derive-input.ts'
import type { NetworkView } from './network-view.ts'

type Adopted = ReturnType<NetworkView['rulesetAt']>

/** The view of a network that a followed chain gives: its events, and the one number that is asked for, the budget, which no later event changes. */
export function chainView(history: NetworkHistory, reader: ChainReader): NetworkView {
  const { network } = history
  return {
    network,
    get genesisMs() {
      return Number(history.timeline.genesis) * 1000
    },
    get epochMs() {
      return history.timeline.epochSeconds * 1000
    },
    slots: () => history.slots.list,
    snapshotAt: (epoch) => history.snapshotAt(epoch),
    rulesetAt: (epoch) => adoptedAt(history, epoch),
    beaconOf: (epoch) => {
      const beacon = history.beaconOf(epoch)
      return beacon === undefined ? undefined : fromHex(beacon)
    },
    rootOf: (rootId) => history.roots.get(rootId)?.root,
    budgetOf: (first, last) => readBudgetOf(reader, { network, first, last }),
  }
}

function adoptedAt(history: NetworkHistory, epoch: number): Adopted {
  const adopted = history.rulesetAt(epoch)
  if (adopted === undefined) {
    throw new HistoryError({
      code: 'history_incomplete',
      message: `No ruleset is in force in epoch ${epoch} by the events read so far.`,
      fix: 'Read the chain up to its head and try again.',
    })
  }
  const { hash, document, programs } = adopted
  // The contract divides by what it was told, and people decided by what they read.
  if (!isSamePrograms(derivePrograms(parseRuleset(document)), programs)) {
    throw new HistoryError({
      code: 'ruleset_differs',
      message: `The document of the ruleset ${hash}, in force in epoch ${epoch}, has other weights or bounds of its programs than the chain was told with it.`,
      fix: 'Adopt rulesets with `adoptRuleset`, which tells the chain what the document says; one that has not acted yet is replaced by another within the same epoch.',
      field: 'programs',
      value: hash,
    })
  }
  return { hash, document }
}
