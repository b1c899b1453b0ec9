import { type FollowedEvent, possessionProofsAbi, type Timeline } from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import type { OpenNetwork } from '../../open-network.ts'
import { readEvents } from '../../read-events.ts'
import type { SetHistory } from './storage-tools.ts'

/** What the chain's events say of the data sets of a device. @param payer who pays for sets that no rail pays for: the device's owner */
export async function readSetHistories(
  open: OpenNetwork,
  { device, payer }: { readonly device: number; readonly payer: Hex },
): Promise<readonly SetHistory[]> {
  const events = await readEvents(open, {
    addresses: [open.deployment.addresses.possessionProofs],
    abi: possessionProofsAbi,
    timed: ['PiecesAdded', 'PieceRemoved'],
  })
  const captures = events.filter(({ eventName }) => eventName === 'ChallengeCaptured')
  return events
    .filter(({ eventName, args }) => eventName === 'DataSetCreated' && args.device === device)
    .map((created) => {
      const own = events.filter(({ args }) => args.set === created.args.set)
      return historyOf(created, own, captures, { payer, timeline: open.followed.history.timeline })
    })
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
