import { BaseError, parseRuleset } from '@cairn/protocol'
import type { EpochInput, SettledState, SettleInput, SlotEvidence } from '@cairn/settlement'
import type { NetworkView, SlotView } from './network-view.ts'

const MAX_SLOTS = 256

/** The chain's history is not enough to settle yet, or nothing to settle by; codes `history_incomplete`, `ruleset_differs`. */
export class HistoryError extends BaseError {}

/** Slots that a root from `start` with the last epoch `last` covers, whether skipped or not (spec 6). */
export function slotsCovered(view: NetworkView, start: number, last: number): SlotView[] {
  return view
    .slots()
    .filter(({ slot, sealedIn }) => slot >= start && sealedIn <= last)
    .slice(0, MAX_SLOTS)
}

/**
 * Everything `settle` takes for the root after `parent` that ends with the epoch `last`.
 *
 * @param reportsOf gives the checked reports of a commitment
 */
export async function deriveInput(
  view: NetworkView,
  parent: SettledState,
  last: number,
  reportsOf: (slot: SlotView) => Promise<readonly Uint8Array[]>,
): Promise<SettleInput> {
  const covered = slotsCovered(view, parent.evidenceEnd, last)
  const included = covered.filter(({ skipped }) => !skipped)
  const epochs: EpochInput[] = []
  for (const epoch of [...new Set(included.map((slot) => slot.epoch))].sort((a, b) => a - b)) {
    epochs.push(await epochInput(view, epoch, included, parent, reportsOf))
  }
  const ruleset = view.rulesetAt(last)
  return {
    network: view.network,
    parent,
    last,
    epochs,
    lastSnapshot: view.snapshotAt(last),
    lastRuleset: parseRuleset(ruleset.document),
    lastRulesetHash: ruleset.hash,
    budgets: await view.budgetOf(parent.last + 1, last),
    evidenceEnd: parent.evidenceEnd + covered.length,
    evidenceSet: included.reduce((set, { slot }) => set | (1n << BigInt(slot - parent.evidenceEnd)), 0n),
  }
}

async function epochInput(
  view: NetworkView,
  epoch: number,
  included: readonly SlotView[],
  parent: SettledState,
  reportsOf: (slot: SlotView) => Promise<readonly Uint8Array[]>,
): Promise<EpochInput> {
  const beacon = view.beaconOf(epoch)
  if (beacon === undefined) {
    throw new HistoryError({
      code: 'history_incomplete',
      message: `Epoch ${epoch} has evidence but no beacon in the events read so far.`,
      fix: 'Read the chain up to its head and try again. Where nobody has captured it, bring the drand round of its start to the network’s beacon and capture it; settling goes on from there.',
    })
  }
  const prior = view
    .slots()
    .filter((slot) => slot.epoch === epoch && slot.slot < parent.evidenceEnd && !slot.skipped)
  const mine = included.filter((slot) => slot.epoch === epoch)
  const slots: SlotEvidence[] = []
  for (const slot of [...prior, ...mine]) {
    slots.push({
      slot: slot.slot,
      epoch,
      root: slot.root,
      reports: await reportsOf(slot),
      prior: slot.slot < parent.evidenceEnd,
    })
  }
  const startMs = view.genesisMs + epoch * view.epochMs
  const ruleset = parseRuleset(view.rulesetAt(epoch).document)
  return {
    epoch,
    startMs,
    endMs: startMs + view.epochMs,
    beacon,
    snapshot: view.snapshotAt(epoch),
    ruleset,
    slots,
  }
}
