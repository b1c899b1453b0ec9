import {
  type Call,
  type Deployment,
  openHiddenAt,
  openHiddenVerdictAt,
  openUnbacked,
  proveBadPayoutSum,
  proveBadVerdictSum,
  proveBadWorkSum,
  proveDisorder,
  proveWrongPayout,
} from '@cairn/chain'
import type { Hex, NetworkId, Root } from '@cairn/protocol'
import type { Demand, Proof } from '@cairn/settlement'

/** What every challenge of a root says. */
export interface Challenged {
  readonly network: NetworkId
  readonly root: Root
  /** undefined for the first root. */
  readonly parent: Root | undefined
}

/** The transaction of a fault that is proven at once (kinds 1 and 3). */
export function proofCall(deployment: Deployment, about: Challenged, proof: Proof, salt: Hex): Call {
  const { network, root, parent } = about
  switch (proof.kind) {
    case 'wrong-payout':
      return proveWrongPayout(deployment, { network, root, ...(parent && { parent }), ...proof, salt })
    case 'bad-payout-sum':
      return proveBadPayoutSum(deployment, { network, root, ...proof, salt })
    case 'bad-work-sum':
      return proveBadWorkSum(deployment, { network, root, ...proof, salt })
    case 'bad-verdict-sum':
      return proveBadVerdictSum(deployment, { network, root, ...proof, salt })
    case 'disorder':
      return proveDisorder(deployment, { network, root, ...proof, salt })
  }
}

/** The transaction that demands something of a root (kinds 2 and 4). */
export function demandCall(deployment: Deployment, about: Challenged, demand: Demand, salt: Hex): Call {
  const { network, root } = about
  if (demand.kind === 'unbacked') return openUnbacked(deployment, { network, root, ...demand, salt })
  const { tree, height, position, node, siblings, work } = demand
  const place = { height, position, node, siblings }
  return work === undefined
    ? openHiddenAt(deployment, { network, root, tree, place, salt })
    : openHiddenVerdictAt(deployment, { network, root, work, place, salt })
}

/** What a demand asks for, in words. */
export function describeDemand(demand: Demand): string {
  if (demand.kind === 'unbacked') {
    const { slot, index, observation } = demand.verdict.entry
    return `the report behind device ${demand.device}'s work at slot ${slot}, index ${index}, observation ${observation}`
  }
  const { tree, device, height, position } = demand
  const what = height === 0 ? `leaf ${position}` : `what lies below node ${position} of height ${height}`
  return `${what} of the ${tree} tree${tree === 'verdict' ? ` of device ${device}` : ''}`
}
