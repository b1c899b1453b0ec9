import { fromHex, type Hex, type NetworkId, type VerdictEntry } from '@cairn/protocol'
import type { Address, ParseEventLogsReturnType } from 'viem'
import { type TreeKind, treeKinds } from '../disputes/tree-kind.ts'
import type { disputesAbi } from '../generated/disputes.ts'
import type { LogPlace } from './history-abi.ts'
import { createUndoLog } from './undo.ts'

/** Whose move it is, or how it ended. */
export type DisputeTurn = 'answerer' | 'challenger' | 'won' | 'lost' | 'withdrawn'

/** A dispute as its events tell it: enough to make the next move. */
export interface DisputeEntry {
  readonly id: bigint
  readonly network: NetworkId
  readonly rootId: Hex
  /** 2 hidden, 4 unbacked. */
  readonly kind: number
  readonly tree: TreeKind
  readonly challenger: Address
  /** `won` and `lost` are the challenger's. */
  readonly turn: DisputeTurn
  /** Unix seconds until which the one whose turn it is must have moved. */
  readonly dueAt: number
  /** The device whose verdict tree or entry it is about; 0 otherwise. */
  readonly device: number
  /** The node that is to be answered for, or whose children were shown. A leaf has height 0. */
  readonly height: number
  readonly position: number
  /** The children that were shown for that node, while the challenger is to pick one. */
  readonly shown: { readonly left: Uint8Array; readonly right: Uint8Array } | undefined
  /** Kind 4: the entry whose report is asked for. */
  readonly entry: VerdictEntry | undefined
}

/** What an answer brought to light about a root: children, a leaf, or that an entry has backing. It stays known when the dispute is over. */
export type DisputeShowing =
  | {
      readonly tree: TreeKind
      readonly device: number
      readonly height: number
      readonly position: number
      readonly left: Uint8Array
      readonly right: Uint8Array
    }
  | {
      readonly tree: TreeKind
      readonly device: number
      readonly position: number
      readonly leaf: Uint8Array
    }
  | { readonly device: number; readonly backed: VerdictEntry }

type Decoded = ParseEventLogsReturnType<typeof disputesAbi, undefined, true>[number]
type Placed<E> = E extends { readonly eventName: infer Name; readonly args: infer Args }
  ? LogPlace & { readonly eventName: Name; readonly args: Args }
  : never

/** An event of the Disputes contract, decoded. */
export type DisputeEvent = Placed<Decoded>

/** The disputes of a network. */
export interface DisputeHistory {
  get(id: bigint): DisputeEntry | undefined
  /** Every dispute there ever was, in order. */
  readonly all: readonly DisputeEntry[]
  /** Those that wait for somebody. */
  readonly open: readonly DisputeEntry[]
  /** Everything that disputes about the root showed, in order. */
  showings(rootId: Hex): readonly DisputeShowing[]
  apply(event: DisputeEvent): void
  /** Takes back what came after block `last`. */
  rollback(last: number): void
}

/** Makes a history without disputes. */
export function createDisputeHistory(network: NetworkId): DisputeHistory {
  const entries = new Map<bigint, DisputeEntry>()
  const log = createUndoLog()
  const write = (block: number, id: bigint, entry: DisputeEntry) => {
    const before = entries.get(id)
    entries.set(id, entry)
    log.push(block, () => {
      if (before === undefined) entries.delete(id)
      else entries.set(id, before)
    })
  }
  const shown = new Map<Hex, DisputeShowing[]>()
  const note = (block: number, { rootId }: DisputeEntry, showing: DisputeShowing) => {
    const list = shown.get(rootId) ?? []
    shown.set(rootId, list)
    list.push(showing)
    log.push(block, () => void list.pop())
  }
  const all = () => [...entries.values()]
  return {
    get: (id) => entries.get(id),
    get all() {
      return all()
    },
    get open() {
      return all().filter(({ turn }) => turn === 'answerer' || turn === 'challenger')
    },
    showings: (rootId) => shown.get(rootId) ?? [],
    apply(event) {
      if (!('id' in event.args)) return
      const { id } = event.args
      const before = entries.get(id)
      if (event.eventName === 'DisputeOpened') {
        if (event.args.network.toLowerCase() === network)
          write(event.blockNumber, id, opened(network, event.args))
        return
      }
      const showing = before && showingOf(before, event)
      if (showing !== undefined) note(event.blockNumber, before!, showing)
      const change = before && changeOf(event)
      if (change !== undefined) write(event.blockNumber, id, { ...before!, ...change })
    },
    rollback(last) {
      if (log.rollback(last) !== 'nothing left') return
      entries.clear()
      shown.clear()
    },
  }
}

type ArgsOf<N extends DisputeEvent['eventName']> = Extract<DisputeEvent, { eventName: N }>['args']

function opened(
  network: NetworkId,
  { id, rootId, kind, tree, challenger, dueAt }: ArgsOf<'DisputeOpened'>,
): DisputeEntry {
  return {
    id,
    network,
    rootId,
    kind,
    tree: treeKinds[tree] ?? 'payout',
    challenger,
    turn: 'answerer',
    dueAt: Number(dueAt),
    device: 0,
    height: 0,
    position: 0,
    shown: undefined,
    entry: undefined,
  }
}

function showingOf(dispute: DisputeEntry, event: DisputeEvent): DisputeShowing | undefined {
  const { tree, device, entry } = dispute
  switch (event.eventName) {
    case 'ChildrenShown': {
      const { height, position, left, right } = event.args
      return { tree, device, height, position, left: fromHex(left), right: fromHex(right) }
    }
    case 'LeafShown':
      return { tree, device, position: event.args.position, leaf: fromHex(event.args.leaf) }
    case 'DisputeEnded':
      // Kind 4 is lost by its challenger when the backing is there, and when the root fell otherwise: then it does not matter any more.
      return entry === undefined || event.args.challengerWon ? undefined : { device, backed: entry }
    default:
      return undefined
  }
}

function changeOf(event: DisputeEvent): Partial<DisputeEntry> | undefined {
  switch (event.eventName) {
    case 'HiddenClaimed': {
      const { device, height, position } = event.args
      return { device, height, position }
    }
    case 'UnbackedClaimed':
      return { device: event.args.deviceIndex, entry: event.args.entry }
    case 'ChildrenShown': {
      const { left, right, dueAt } = event.args
      return {
        turn: 'challenger',
        dueAt: Number(dueAt),
        shown: { left: fromHex(left), right: fromHex(right) },
      }
    }
    case 'ChildPicked': {
      const { height, position, dueAt } = event.args
      return { turn: 'answerer', dueAt: Number(dueAt), height, position, shown: undefined }
    }
    case 'DisputeEnded':
      return { turn: event.args.challengerWon ? 'won' : 'lost', shown: undefined }
    case 'DisputeWithdrawn':
      return { turn: 'withdrawn', shown: undefined }
    default:
      return undefined
  }
}
