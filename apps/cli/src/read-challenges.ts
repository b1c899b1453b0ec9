import {
  type DisputeEntry,
  disputesAbi,
  type FollowedEvent,
  followDisputes,
  ingestChallengesAbi,
  roles,
  settlementAbi,
  stakeAbi,
} from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import type { OpenNetwork } from './open-network.ts'
import { readEvents } from './read-events.ts'

/** A root that a challenge removed. */
export interface RemovedRoot {
  readonly root: Hex
  readonly first: number
  readonly last: number
  /** Of the challenge (spec 6, Challenges). */
  readonly kind: number
  readonly winner: Hex
  /** The transaction that removed it. */
  readonly transaction: Hex
  /** The winner's part of what was slashed, in the token's smallest unit; null before it was collected. */
  readonly collected: bigint | null
}

/** A game between a challenger and whoever answers. */
export interface ListedDispute {
  readonly id: bigint
  readonly root: Hex
  readonly kind: number
  readonly tree: string
  readonly challenger: Hex
  /** Whose turn it is, or how it ended for the challenger. */
  readonly state: DisputeEntry['turn']
  /** Unix seconds; null when it is over. */
  readonly dueAt: number | null
  readonly opened: Hex
  /** The transaction that ended it; null while it goes on. */
  readonly ended: Hex | null
}

/** An ingest that broke a receipt (7) or signed two truths (8). */
export interface IngestFault {
  readonly epoch: number
  readonly ingest: Hex
  readonly kind: number
  readonly challenger: Hex
  readonly transaction: Hex
}

/** A bond that was taken. Amounts in the token's smallest unit. */
export interface SlashedBond {
  readonly role: string
  readonly holder: Hex
  readonly amount: bigint
  /** What the challenger gets of it. */
  readonly reward: bigint
  readonly transaction: Hex
}

/** Everything that challenges came to in a network. */
export interface Challenges {
  readonly removed: readonly RemovedRoot[]
  readonly disputes: readonly ListedDispute[]
  readonly ingestFaults: readonly IngestFault[]
  readonly slashed: readonly SlashedBond[]
}

/** Reads them from the events of the contracts, with the transactions that made them. */
export async function readChallenges(open: OpenNetwork): Promise<Challenges> {
  const { client, deployment, file, followed } = open
  const { settlement, disputes, ingestChallenges, stake } = deployment.addresses
  const watched = followDisputes({ client, deployment, network: file.network })
  const [ours] = await Promise.all([
    readEvents(open, {
      addresses: [settlement, disputes, ingestChallenges, stake],
      abi: [...settlementAbi, ...disputesAbi, ...ingestChallengesAbi, ...stakeAbi],
    }),
    watched.sync(),
  ])
  return {
    removed: named(ours, 'RootRemoved').map((event) => removedRoot(event, ours, followed.history.roots)),
    disputes: watched.disputes.all.map((entry) => listed(entry, ours)),
    ingestFaults: named(ours, 'IngestFaultProven').map(({ args, transactionHash }) => ({
      epoch: args.epoch as number,
      ingest: args.ingest as Hex,
      kind: args.kind as number,
      challenger: args.challenger as Hex,
      transaction: transactionHash,
    })),
    slashed: named(ours, 'Slashed').map(({ args, transactionHash }) => ({
      role: roles[args.role as number]!,
      holder: args.holder as Hex,
      amount: args.amount as bigint,
      reward: args.reward as bigint,
      transaction: transactionHash,
    })),
  }
}

function removedRoot(
  { args, transactionHash }: FollowedEvent,
  events: readonly FollowedEvent[],
  roots: OpenNetwork['followed']['history']['roots'],
): RemovedRoot {
  const rootId = args.rootId as Hex
  const { first, last } = roots.get(rootId)!.root
  const collected = named(events, 'RewardCollected').find((event) => event.args.rootId === rootId)
  return {
    root: rootId,
    first,
    last,
    kind: args.kind as number,
    winner: args.winner as Hex,
    transaction: transactionHash,
    collected: (collected?.args.amount as bigint | undefined) ?? null,
  }
}

function listed(entry: DisputeEntry, events: readonly FollowedEvent[]): ListedDispute {
  const { id, rootId, kind, tree, challenger, turn, dueAt } = entry
  const about = events.filter(({ args }) => args.id === id)
  const isOpen = turn === 'answerer' || turn === 'challenger'
  return {
    id,
    root: rootId,
    kind,
    tree,
    challenger,
    state: turn,
    dueAt: isOpen ? dueAt : null,
    opened: about[0]!.transactionHash,
    ended: isOpen ? null : about.at(-1)!.transactionHash,
  }
}

function named(events: readonly FollowedEvent[], name: string): FollowedEvent[] {
  return events.filter(({ eventName }) => eventName === name)
}
