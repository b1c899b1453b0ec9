import {
  type ChainReader,
  type Governance,
  type Proposal,
  type ProposalStatus,
  readGovernanceOf,
  readProposalStatus,
  readProposals,
} from '@cairn/chain'
import { BaseError } from '@cairn/protocol'
import { getBlock } from 'viem/actions'
import type { OpenNetwork } from '../open-network.ts'
import { foreignText } from '../output/foreign-text.ts'

/**
 * Something can not be done with a vote now. Codes: `not_governed`, `unknown_proposal`, `nothing_proposed`, `malformed_proposal`, `already_proposed`,
 * `too_few_votes`, `call_refused`, `unsettleable`, `voting_not_begun`, `voting_over`, `already_voted`, `no_votes`, `not_passed`, `not_queued`, `already_queued`, `too_early`, `not_pending`,
 * `nothing_to_replay`.
 */
export class GovernanceError extends BaseError {
  override readonly name = 'GovernanceError'
}

/** What votes about the network.
 *
 * @throws GovernanceError where nothing does
 */
export async function openGovernance(open: Pick<OpenNetwork, 'file'> & ChainReader): Promise<Governance> {
  const { network, name } = open.file
  const governance = await readGovernanceOf(open, { network })
  if (governance !== undefined) return governance
  throw new GovernanceError({
    code: 'not_governed',
    field: 'network',
    value: name,
    message: `The owner of network "${name}" is not the timelock of a governor, so nobody votes about it.`,
    fix: 'Its owner decides alone, until it makes a governor’s timelock the owner; `cairn network create --govern` makes a network that is voted on from the start.',
  })
}

/** A proposal with its place in the order of proposals, from 1. */
export type PlacedProposal = Proposal & { readonly place: number }

/** Every proposal with its place, oldest first. */
export async function readPlacedProposals(
  open: ChainReader,
  { governor }: Governance,
): Promise<readonly PlacedProposal[]> {
  const proposals = await readProposals(open, { governor })
  return proposals.map((proposal, i) => ({ ...proposal, place: i + 1 }))
}

/**
 * The proposal of that place or id.
 *
 * @throws GovernanceError `unknown_proposal`
 */
export async function findProposal(
  open: ChainReader,
  governance: Governance,
  wanted: bigint,
): Promise<PlacedProposal> {
  const proposals = await readPlacedProposals(open, governance)
  const found = proposals.find(({ id, place }) => id === wanted || BigInt(place) === wanted)
  if (found !== undefined) return found
  throw new GovernanceError({
    code: 'unknown_proposal',
    field: 'id',
    value: String(wanted),
    message: `There is no proposal ${wanted}; ${proposals.length} were ever made.`,
    fix: 'Name its number or its whole id, as `cairn governance list` shows them.',
  })
}

/** A proposal that a command is about, who votes on it, and how it stands. */
export interface OpenProposal {
  readonly governance: Governance
  readonly proposal: PlacedProposal
  readonly status: ProposalStatus
}

/**
 * The proposal of that place or id, with what a command needs to act on it.
 *
 * @throws GovernanceError `not_governed`, `unknown_proposal`
 */
export async function openProposal(
  open: Pick<OpenNetwork, 'file'> & ChainReader,
  wanted: bigint,
): Promise<OpenProposal> {
  const governance = await openGovernance(open)
  const proposal = await findProposal(open, governance, wanted)
  const status = await readProposalStatus(open, { governor: governance.governor, id: proposal.id })
  return { governance, proposal, status }
}

/** The first line of a description, for a terminal. */
export function titleOf({ description }: Pick<Proposal, 'description'>): string {
  return foreignText(description.split('\n', 1)[0]!, { most: 100 })
}

/** Time of the newest block, Unix seconds. */
export async function readNow({ client }: Pick<ChainReader, 'client'>): Promise<number> {
  return Number((await getBlock(client, { blockTag: 'latest' })).timestamp)
}

/** Seconds in words: `40 s`, `12 min`, `5 h`, `3 days`. */
export function spanText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} days`
}
