import { type Role, roles } from '../stake/role.ts'
import { nextEpoch } from '../timeline.ts'
import type { HistoryEvent } from './history-abi.ts'
import { HistoryError } from './history-error.ts'
import type { HistoryState } from './history-state.ts'
import type { Undo } from './undo.ts'

/** Changes the state as an event says. Returns how to take it back; undefined for events that change nothing here. */
export function applyEvent(state: HistoryState, event: HistoryEvent): Undo | undefined {
  const { devices, rulesets, slots, stakes, roots } = state
  switch (event.eventName) {
    case 'NetworkCreated':
      return set(state, 'creation', event.args)
    case 'RulesetAdopted':
      return rulesets.adopted(event.args)
    case 'ReportQuarantined':
      return set(state, 'quarantined', [...state.quarantined, event.args])
    case 'DeviceRegistered':
      return devices.registered(event.args)
    case 'KeyRotated':
      return devices.rotated(event.args)
    case 'DeviceRevoked':
      return devices.revoked(event.args)
    case 'Deposited':
      return stakes.deposited(roleOf(event.args), event.args)
    case 'ExitRequested':
      return stakes.exitRequested(roleOf(event.args), event.args)
    case 'Withdrawn':
      return stakes.withdrawn(roleOf(event.args), event.args)
    case 'Slashed':
      return stakes.slashed(roleOf(event.args), event.args, epochAfter(state, event))
    case 'Announced':
      return stakes.announced(roleOf(event.args), event.args)
    case 'EvidenceCommitted':
      return slots.committed(event.args)
    case 'EvidenceDeferred':
      return slots.deferred(event.args)
    case 'BeaconCaptured': {
      const { epoch, beacon } = event.args
      state.beacons.set(epoch, beacon)
      return () => void state.beacons.delete(epoch)
    }
    case 'RootProposed':
      return roots.proposed(event.args)
    case 'Attested':
      return both(roots.attested(event.args), stakes.attended(event.args))
    case 'RootAccepted':
      return both(roots.accepted(event.args), stakes.rootAccepted())
    case 'RootRemoved':
      return roots.removed(event.args)
    case 'RootFinalised':
      return roots.finalised(event.args)
    case 'RootDelayed':
      return roots.delayed(event.args)
    default:
      return undefined
  }
}

function set<K extends 'creation' | 'quarantined'>(
  state: HistoryState,
  field: K,
  value: HistoryState[K],
): Undo {
  const before = state[field]
  state[field] = value
  return () => {
    state[field] = before
  }
}

function both(first: Undo, second: Undo): Undo {
  return () => {
    second()
    first()
  }
}

function roleOf({ role }: { role: number }): Role {
  return roles[role] ?? 'verifier'
}

/** The one change whose epoch the event does not say. */
function epochAfter({ creation }: HistoryState, { eventName, blockNumber, timestamp }: HistoryEvent): number {
  if (creation !== undefined && timestamp !== undefined) return nextEpoch(creation.config.timeline, timestamp)
  throw new HistoryError({
    code: 'history_disorder',
    message: `${eventName} of block ${blockNumber} came without the time of its block, or before the network was created.`,
    fix: 'Give the follower `timedEvents`, and begin at the block of the deployment.',
    field: 'timestamp',
    value: String(timestamp),
  })
}
