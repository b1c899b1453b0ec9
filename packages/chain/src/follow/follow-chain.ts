import { BaseError, type Hex } from '@cairn/protocol'
import { type Abi, type Address, type Client, type Log, parseEventLogs } from 'viem'
import { getBlock } from 'viem/actions'
import { createBlockJournal, type Head } from './block-journal.ts'
import { fetchLogs } from './fetch-logs.ts'

/** A decoded event with its place. */
export interface FollowedEvent {
  readonly eventName: string
  readonly args: Readonly<Record<string, unknown>>
  readonly address: Address
  readonly blockNumber: number
  readonly blockHash: Hex
  readonly logIndex: number
  readonly transactionHash: Hex
  /** Unix seconds; there where the endpoint says it, and for the events in `timed`. */
  readonly timestamp: number | undefined
}

/** What is followed. */
export interface FollowOptions {
  readonly client: Client
  readonly addresses: readonly Address[]
  /** Events to decode; others of these contracts are left out. */
  readonly abi: Abi
  /** Only events whose first indexed argument is one of these words. */
  readonly firstTopics?: readonly Hex[]
  /** The first block that can hold an event: the deployment's. */
  readonly fromBlock: number
  /** Events in order. When it throws, the follower stays where it was. */
  readonly onEvents: (events: readonly FollowedEvent[]) => void | Promise<void>
  /** Blocks after `last` are void: take back what they brought. At most `journalBlocks` deep, or else everything. */
  readonly onRollback: (last: number) => void | Promise<void>
  /** Names of events whose block's time is needed. */
  readonly timed?: readonly string[]
  /** How many blocks' hashes are remembered. A reorg that is deeper reads everything again. Default 64. */
  readonly journalBlocks?: number
  /** Most blocks in one question. Default 2 000. */
  readonly maxRange?: number
}

/** What one {@link ChainFollower.sync} did. */
export interface SyncResult {
  readonly head: number
  readonly headTimestamp: number
  readonly events: number
  /** The block it was rolled back to; undefined when there was no reorg. */
  readonly rolledBackTo: number | undefined
}

/** Follows a chain by its events. It keeps nothing on disk: a restart begins at `fromBlock`. */
export interface ChainFollower {
  /** The last block whose events were given out; `fromBlock − 1` at first. */
  readonly position: number
  /** Goes on to the newest block, rolling back first where the chain has changed. Calls while one runs share it. */
  sync(): Promise<SyncResult>
}

/** The chain changed again and again while it was read. Code: `chain_unsteady`. */
export class UnsteadyChainError extends BaseError {
  override readonly name = 'UnsteadyChainError'
}

/** How often a sync begins anew when the chain changes under it. */
const mostTries = 8

/** Makes a follower; nothing is read before the first `sync`. */
export function followChain(options: FollowOptions): ChainFollower {
  const { client, fromBlock, onEvents, onRollback, journalBlocks = 64, maxRange = 2_000 } = options
  const journal = createBlockJournal(client, journalBlocks)
  let position = fromBlock - 1
  let range = maxRange
  let running: Promise<SyncResult> | undefined

  const rollback = async (last: number) => {
    const kept = Math.max(last, fromBlock - 1)
    await onRollback(kept)
    journal.forget(kept)
    position = kept
    return kept
  }
  /** Reads one range. Returns its events, or undefined when the chain changed meanwhile. */
  const read = async (to: number, head: Head): Promise<FollowedEvent[] | undefined> => {
    const blocks = await journal.fetch(
      Math.max(position + 1, Number(head.number) - journalBlocks + 1),
      to,
      head,
    )
    if (blocks === undefined) return undefined
    const logs = await fetchLogs(client, { ...options, from: position + 1, to })
    const isSteady = logs.every(
      (log) => (blocks.get(Number(log.blockNumber)) ?? log.blockHash) === log.blockHash,
    )
    if (!isSteady || !(await journal.isCurrent(blocks))) return undefined
    const events = await decode(options, logs)
    await onEvents(events)
    journal.add(blocks)
    return events
  }
  const sync = async (): Promise<SyncResult> => {
    let rolledBackTo: number | undefined
    let events = 0
    for (let tries = 0; tries < mostTries; ) {
      const head = await getBlock(client, { blockTag: 'latest', includeTransactions: false })
      const headNumber = Number(head.number)
      const common = await journal.findCommon(Math.min(position, headNumber), head)
      if (common !== 'all' || headNumber < position) {
        const last = common === 'all' ? headNumber : common
        const kept = await rollback(last === 'none' ? fromBlock - 1 : last)
        rolledBackTo = Math.min(rolledBackTo ?? kept, kept)
      }
      const done = () => ({ head: headNumber, headTimestamp: Number(head.timestamp), events, rolledBackTo })
      if (position >= headNumber) return done()
      const to = Math.min(position + range, headNumber)
      try {
        const found = await read(to, head)
        tries = found === undefined ? tries + 1 : 0
        if (found !== undefined) {
          position = to
          events += found.length
          range = Math.min(maxRange, range * 2)
          if (to === headNumber) return done()
        }
      } catch (error) {
        // Endpoints limit blocks and results in ways of their own; a smaller question is the one answer that fits all.
        if (!isTooMuch(error) || to === position + 1) throw error
        range = Math.max(1, Math.floor((to - position) / 2))
      }
    }
    throw unsteady()
  }
  return {
    get position() {
      return position
    },
    sync() {
      running ??= sync().finally(() => {
        running = undefined
      })
      return running
    },
  }
}

async function decode(
  { client, abi, timed = [] }: FollowOptions,
  logs: Log<bigint, number, false>[],
): Promise<FollowedEvent[]> {
  const times = new Map<bigint, number>()
  const events: FollowedEvent[] = []
  for (const log of parseEventLogs({ abi, logs, strict: true })) {
    const { eventName, args, address, blockNumber, blockHash, logIndex, transactionHash } =
      log as typeof log & {
        eventName: string
        args: unknown
      }
    const said = (log as { blockTimestamp?: bigint | null }).blockTimestamp
    let timestamp = said === undefined || said === null ? times.get(blockNumber) : Number(said)
    if (timestamp === undefined && timed.includes(eventName)) {
      timestamp = Number((await getBlock(client, { blockHash })).timestamp)
      times.set(blockNumber, timestamp)
    }
    events.push({
      eventName,
      args: args as Record<string, unknown>,
      address,
      blockNumber: Number(blockNumber),
      blockHash,
      logIndex,
      transactionHash,
      timestamp,
    })
  }
  return events
}

/** Whether an endpoint refused a question for its size. Anything else (no connection, an error of our own) goes on to the caller. */
function isTooMuch(error: unknown): boolean {
  return (
    error instanceof Error &&
    /too many|too large|limit|exceed|more than \d+|block range|response size|timed? ?out|413/i.test(
      error.message,
    )
  )
}

function unsteady(): UnsteadyChainError {
  return new UnsteadyChainError({
    code: 'chain_unsteady',
    message: `The chain changed under ${mostTries} readings in a row.`,
    fix: 'Sync again; if it stays so, the endpoint answers from machines that disagree: use another.',
  })
}
