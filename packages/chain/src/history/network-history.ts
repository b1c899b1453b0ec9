import type { Hex, NetworkId } from '@cairn/protocol'
import { type Phase, phaseOf, type Timeline } from '../timeline.ts'
import { applyEvent } from './apply-event.ts'
import type { DeviceAt } from './device-history.ts'
import type { HistoryEvent } from './history-abi.ts'
import { HistoryError } from './history-error.ts'
import { emptyState, type NetworkCreation } from './history-state.ts'
import type { RootHistory } from './root-history.ts'
import type { AdoptedRuleset, RulesetHistory } from './ruleset-history.ts'
import type { SlotHistory } from './slot-history.ts'
import type { StakeHistory } from './stake-history.ts'
import { createUndoLog } from './undo.ts'

/** The registry as of the last transaction before the epoch began (spec 1). */
export interface Snapshot {
  readonly epoch: number
  readonly deviceCount: number
  /** undefined from `deviceCount` up. */
  device(index: number): DeviceAt | undefined
  /** Hashes of the reports that governance has put aside. */
  readonly quarantined: ReadonlySet<Hex>
}

/** A network as its events tell it, at every epoch. Nothing in it comes from old state of the chain. */
export interface NetworkHistory {
  readonly network: NetworkId
  /** undefined until the network's creation was read. */
  readonly creation: NetworkCreation | undefined
  /** @throws HistoryError `history_empty` before the network's creation was read */
  readonly timeline: Timeline
  readonly rulesets: Pick<RulesetHistory, 'at' | 'runs'>
  readonly slots: Pick<SlotHistory, 'list' | 'evidenceSet'>
  readonly roots: Pick<RootHistory, 'get' | 'all' | 'standing' | 'head' | 'covering'>
  readonly stakes: Pick<
    StakeHistory,
    'holders' | 'endpoints' | 'urlOf' | 'countedAt' | 'weightOf' | 'totalWeight' | 'slashableOf' | 'missedBy'
  >
  /** Devices there are now, whether they count yet or not. */
  readonly deviceCount: number
  /** Final once the epoch has begun: nothing that happens later changes it. */
  snapshotAt(epoch: number): Snapshot
  rulesetAt(epoch: number): AdoptedRuleset | undefined
  beaconOf(epoch: number): Hex | undefined
  /** @param now Unix seconds of block time */
  phaseOf(epoch: number, now: number): Phase
}

/** A history that is told events. */
export interface WritableHistory extends NetworkHistory {
  /** Events come in order of block and place; those of other networks are passed over. */
  apply(event: HistoryEvent): void
  /** Takes back what came after block `last`: the follower's `onRollback`. */
  rollback(last: number): void
}

/** Makes the empty history of a network. */
export function createNetworkHistory(network: NetworkId): WritableHistory {
  const topic = network.toLowerCase()
  const log = createUndoLog()
  let state = emptyState()
  let position = { blockNumber: -1, logIndex: -1 }
  const timeline = () => {
    if (state.creation === undefined) throw notCreated(network)
    return state.creation.config.timeline
  }

  return {
    network,
    get creation() {
      return state.creation
    },
    get timeline() {
      return timeline()
    },
    get rulesets() {
      return state.rulesets
    },
    get slots() {
      return state.slots
    },
    get roots() {
      return state.roots
    },
    get stakes() {
      return state.stakes
    },
    get deviceCount() {
      return state.devices.count
    },
    rulesetAt: (epoch) => state.rulesets.at(epoch),
    beaconOf: (epoch) => state.beacons.get(epoch),
    snapshotAt(epoch) {
      const { devices, quarantined } = state
      const deviceCount = devices.countAt(epoch)
      return {
        epoch,
        deviceCount,
        device: (index) => (index < deviceCount ? devices.at(index, epoch) : undefined),
        quarantined: new Set(
          quarantined.filter(({ fromEpoch }) => fromEpoch <= epoch).map(({ reportHash }) => reportHash),
        ),
      }
    },
    phaseOf(epoch, now) {
      const covering = state.roots.covering(epoch)?.state
      const covered = covering === 'final' || covering === 'challengeable' ? covering : undefined
      return phaseOf(timeline(), { epoch, now, covered })
    },
    apply(event) {
      if (!('network' in event.args) || event.args.network.toLowerCase() !== topic) return
      if (!isAfter(event, position)) throw disorder(event, position)
      const undo = applyEvent(state, event)
      position = event
      if (undo !== undefined) log.push(event.blockNumber, undo)
    },
    rollback(last) {
      if (log.rollback(last) === 'nothing left') state = emptyState()
      position = { blockNumber: last, logIndex: Number.POSITIVE_INFINITY }
    },
  }
}

/** The history that a list of events tells. Pure. */
export function historyFromEvents(network: NetworkId, events: Iterable<HistoryEvent>): NetworkHistory {
  const history = createNetworkHistory(network)
  for (const event of events) history.apply(event)
  return history
}

interface Place {
  readonly blockNumber: number
  readonly logIndex: number
}

function isAfter(a: Place, b: Place): boolean {
  return a.blockNumber > b.blockNumber || (a.blockNumber === b.blockNumber && a.logIndex > b.logIndex)
}

function notCreated(network: NetworkId): HistoryError {
  return new HistoryError({
    code: 'history_empty',
    message: `The creation of network ${network} was not read yet.`,
    fix: 'Sync the follower first. If that helps nothing, the network is not on this deployment.',
    field: 'network',
    value: network,
  })
}

function disorder(event: HistoryEvent, position: Place): HistoryError {
  return new HistoryError({
    code: 'history_disorder',
    message: `${event.eventName} at block ${event.blockNumber}, place ${event.logIndex} came after block ${position.blockNumber}, place ${position.logIndex}.`,
    fix: 'Apply events once and in order; after a reorg, roll back first.',
    field: 'blockNumber',
    value: String(event.blockNumber),
  })
}
