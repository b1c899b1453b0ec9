import { BaseError } from '@cairn/protocol'
import type { Cli } from '../command.ts'

class FaultError extends BaseError {}

/** Faults are for tests of the others: a service that lies by mistake would lose its bond. */
export function requireFaultsAllowed({ env }: Cli, fault: string | undefined): void {
  if (fault === undefined || env.CAIRN_ALLOW_FAULTS === '1') return
  throw new FaultError({
    code: 'faults_not_allowed',
    field: 'fault',
    value: fault,
    message: `The fault "${fault}" was asked for, and faults are not allowed here: a service that lies loses its bond.`,
    fix: 'Leave --fault out. To test how others deal with it, set CAIRN_ALLOW_FAULTS=1.',
  })
}
