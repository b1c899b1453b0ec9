import { type FollowedEvent, possessionProofsAbi, storageRailsAbi, type Timeline } from '@cairn/chain'
import { deviceId, type Hex, type NetworkId } from '@cairn/protocol'
import type { SetHistory } from './storage-seam.ts'

const names = new Set([
  'DataSetCreated',
  'DataSetTerminated',
  'PiecesAdded',
  'PieceRemoved',
  'PeriodProven',
  'ChallengeCaptured',
  'RailOpened',
  'SignerSet',
])
const isNeeded = (item: { readonly type: string; readonly name?: string }) =>
  item.type === 'event' && names.has(item.name ?? '')

/** The events of both contracts that histories are made of, and those whose block's time is needed. */
export const historyEvents = {
  abi: [...possessionProofsAbi.filter(isNeeded), ...storageRailsAbi.filter(isNeeded)],
  timed: ['PiecesAdded', 'PieceRemoved'],
} as const

/** Which device of which network, and whose it is. */
export interface HistoryScope {
  readonly network: NetworkId
  readonly device: number
  /** Lower case: the payer of sets that no rail pays for. */
  readonly owner: Hex
}

/** What the chain's events, in order, say of the data sets of a device. */
export function deriveSetHistories(
  events: readonly FollowedEvent[],
  { network, device, owner }: HistoryScope,
  timeline: Timeline,
): readonly SetHistory[] {
  const captures = events.filter(
    ({ eventName, args }) => eventName === 'ChallengeCaptured' && lower(args.network) === network,
  )
  const payers = new Map(
    railsTo(events, network, device).map(({ args }) => [args.set as bigint, lower(args.payer)]),
  )
  return events
    .filter(
      ({ eventName, args }) =>
        eventName === 'DataSetCreated' && args.device === device && lower(args.network) === network,
    )
    .map((created) => {
      const set = created.args.set as bigint
      const own = events.filter(({ args }) => args.set === set)
      return historyOf(created, own, captures, { payer: payers.get(set) ?? owner, timeline })
    })
}

/** Who may sign records of a device, by payer: the payer, and whoever signed for its rails to the device at some time. Lower case. */
export function deriveRecordSigners(
  events: readonly FollowedEvent[],
  { network, device }: Pick<HistoryScope, 'network' | 'device'>,
): ReadonlyMap<Hex, ReadonlySet<Hex>> {
  const signers = new Map<Hex, Set<Hex>>()
  for (const { args } of railsTo(events, network, device)) {
    const payer = lower(args.payer)
    const set = signers.get(payer) ?? new Set([payer])
    signers.set(payer, set.add(lower(args.signer)))
    for (const { eventName, args: later } of events)
      if (eventName === 'SignerSet' && later.rail === args.rail) set.add(lower(later.signer))
  }
  return signers
}

const railsTo = (
  events: readonly FollowedEvent[],
  network: NetworkId,
  device: number,
): readonly FollowedEvent[] => {
  const id = deviceId(network, device)
  return events.filter(({ eventName, args }) => eventName === 'RailOpened' && args.deviceId === id)
}

interface Terms {
  readonly periodEpochs: number
  readonly windowEpochs: number
}

function historyOf(
  created: FollowedEvent,
  own: readonly FollowedEvent[],
  captures: readonly FollowedEvent[],
  { payer, timeline }: { readonly payer: Hex; readonly timeline: Timeline },
): SetHistory {
  const { periodEpochs, windowEpochs } = created.args.terms as Terms
  const ofTerms = captures.filter(
    ({ args }) => args.periodEpochs === periodEpochs && args.windowEpochs === windowEpochs,
  )
  const named = (name: string) => own.filter(({ eventName }) => eventName === name)
  return {
    set: created.args.set as bigint,
    payer,
    clock: {
      genesis: Number(timeline.genesis),
      epochSeconds: timeline.epochSeconds,
      periodEpochs,
      windowEpochs,
    },
    firstPeriod: created.args.firstPeriod as number,
    lastPeriod: named('DataSetTerminated').at(-1)?.args.lastPeriod as number | undefined,
    leaves: leavesOf(own),
    proven: new Set(named('PeriodProven').map(({ args }) => args.period as number)),
    captured: new Set(ofTerms.map(({ args }) => args.period as number)),
  }
}

/** What was added and removed, with the block's time. A removed piece takes as many leaves as it brought. */
function leavesOf(own: readonly FollowedEvent[]): SetHistory['leaves'] {
  const pieces: bigint[] = []
  return own.flatMap(({ eventName, args, timestamp }) => {
    if (eventName === 'PieceRemoved') return [{ at: timestamp!, change: -pieces[args.piece as number]! }]
    if (eventName !== 'PiecesAdded') return []
    const counts = (args.pieces as readonly { readonly leaves: bigint }[]).map(({ leaves }) => leaves)
    pieces.push(...counts)
    return [{ at: timestamp!, change: counts.reduce((sum, count) => sum + count, 0n) }]
  })
}

const lower = (value: unknown): Hex => String(value).toLowerCase() as Hex
