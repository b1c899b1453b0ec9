import { type Address, type Hex, keccak256, stringToHex } from 'viem'
import type { Call } from '../call.ts'

/** What a proposal has the timelock do, all or nothing, in order. */
export interface ProposalAction {
  readonly to: Address
  /** In wei. */
  readonly value: bigint
  readonly data: Hex
}

/** What a proposal's id follows from, and what queueing and executing it take. */
export interface ProposalContent {
  readonly actions: readonly ProposalAction[]
  /** Title, an empty line, text. */
  readonly description: string
}

/** States of a proposal, by their number in the contract. */
export const proposalStates = [
  'pending',
  'active',
  'canceled',
  'defeated',
  'succeeded',
  'queued',
  'expired',
  'executed',
] as const

export type ProposalState = (typeof proposalStates)[number]

/** The actions of calls that carry no value. */
export function actionsOf(calls: readonly Call[]): ProposalAction[] {
  return calls.map(({ to, data }) => ({ to, value: 0n, data }))
}

/** How the contract takes a content that was proposed before. */
export function contentArguments({ actions, description }: ProposalContent) {
  return [
    actions.map(({ to }) => to),
    actions.map(({ value }) => value),
    actions.map(({ data }) => data),
    keccak256(stringToHex(description)),
  ] as const
}
