import {
  creditsAbi,
  epochEnd,
  type FollowedEvent,
  readBudgetOf,
  readDeviceOwner,
  readVerifierBudgetOf,
} from '@cairn/chain'
import { deriveStatement, type Price, type RangeFacts, type RangeStatement } from '@cairn/economics'
import type { Hex } from '@cairn/protocol'
import type { Recomputer } from '@cairn/recompute'
import type { OpenNetwork } from './open-network.ts'
import { readEvents } from './read-events.ts'

/** What a network's final roots paid against what its customers spent; one entry a root. */
export async function readStatement(open: OpenNetwork, recomputer: Recomputer): Promise<RangeStatement[]> {
  const { history } = open.followed
  const finals = history.roots.standing.filter(({ state }) => state === 'final')
  const events = await readEvents(open, {
    addresses: [open.deployment.addresses.credits],
    abi: creditsAbi,
  })
  const ownerOf = rememberOwners(open)
  const rows: RangeStatement[] = []
  let before: readonly bigint[] = []
  for (const { root, rootId } of finals) {
    const { cumulative } = await recomputer.stateOf(rootId)
    const { first, last } = root
    rows.push(
      deriveStatement({
        first,
        last,
        emitted: await emittedIn(open, first, last),
        spent: spentIn(events, first, last),
        earned: await earnedBetween(before, cumulative, ownerOf),
        work: root.workSums.reduce((sum, work) => sum + work, 0n),
        price: priceAt(events, epochEnd(history.timeline, last)),
      }),
    )
    before = cumulative
  }
  return rows
}

async function emittedIn(open: OpenNetwork, first: number, last: number): Promise<bigint> {
  const { network } = open.file
  const [programs, verifiers] = await Promise.all([
    readBudgetOf(open, { network, first, last }),
    readVerifierBudgetOf(open, { network, first, last }),
  ])
  return programs.reduce((sum, amount) => sum + amount, verifiers)
}

function spentIn(events: readonly FollowedEvent[], first: number, last: number): RangeFacts['spent'] {
  return events
    .filter(({ eventName, args }) => {
      const epoch = args.epoch as number
      return eventName === 'CreditsSpent' && epoch >= first && epoch <= last
    })
    .map(({ args }) => ({
      payer: args.payer as Hex,
      credits: args.credits as bigint,
      burned: args.burned as bigint,
      paid: args.paid as bigint,
    }))
}

/** The last price that the network accepted by then, in the unit of its terms at the time. */
function priceAt(events: readonly FollowedEvent[], time: number): Price | undefined {
  let decimals: number | undefined
  let price: Price | undefined
  for (const { eventName, args } of events) {
    if (eventName === 'TermsSet') decimals = (args.terms as { price: { decimals: number } }).price.decimals
    if (eventName !== 'PriceAccepted' || decimals === undefined) continue
    if (Number(args.updatedAt) <= time) price = { value: args.answer as bigint, decimals }
  }
  return price
}

async function earnedBetween(
  before: readonly bigint[],
  cumulative: readonly bigint[],
  ownerOf: (device: number) => Promise<Hex>,
): Promise<RangeFacts['earned']> {
  const earned = cumulative.map((total, device) => ({ device, tokens: total - (before[device] ?? 0n) }))
  return Promise.all(
    earned
      .filter(({ tokens }) => tokens > 0n)
      .map(async ({ device, tokens }) => ({ owner: await ownerOf(device), tokens })),
  )
}

/** Owners as they are now: rewards follow the device. */
function rememberOwners(open: OpenNetwork): (device: number) => Promise<Hex> {
  const known = new Map<number, Promise<Hex>>()
  return (device) => {
    const owner = known.get(device) ?? readDeviceOwner(open, { network: open.file.network, index: device })
    known.set(device, owner)
    return owner
  }
}
