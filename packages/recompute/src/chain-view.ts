import { type ChainReader, type NetworkHistory, readBudgetOf } from '@cairn/chain'
import { fromHex } from '@cairn/protocol'
import { HistoryError } from './derive-input.ts'
import type { NetworkView } from './network-view.ts'

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
    rulesetAt: (epoch) => {
      const adopted = history.rulesetAt(epoch)
      if (adopted !== undefined) return { hash: adopted.hash, document: adopted.document }
      throw new HistoryError({
        code: 'history_incomplete',
        message: `No ruleset is in force in epoch ${epoch} by the events read so far.`,
        fix: 'Read the chain up to its head and try again.',
      })
    },
    beaconOf: (epoch) => {
      const beacon = history.beaconOf(epoch)
      return beacon === undefined ? undefined : fromHex(beacon)
    },
    rootOf: (rootId) => history.roots.get(rootId)?.root,
    budgetOf: (first, last) => readBudgetOf(reader, { network, first, last }),
  }
}
