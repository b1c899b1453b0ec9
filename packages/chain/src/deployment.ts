import { BaseError, describeValue } from '@cairn/protocol'
import { type Address, getAddress, isAddress } from 'viem'

/** The contracts that serve all networks of a chain, in the order in which they are deployed. */
export const singletons = [
  'networks',
  'devices',
  'stake',
  'evidence',
  'ingestChallenges',
  'settlement',
  'challenges',
  'disputes',
  'budgets',
  'credits',
  'payments',
  'possessionProofs',
  'storageOffers',
  'storageRails',
  'operatorBonds',
  'delegationPools',
] as const

export type Singleton = (typeof singletons)[number]

/** Where Cairn is on a chain. */
export interface Deployment {
  readonly chainId: number
  /** The block of the first contract: no event is older. */
  readonly block: number
  readonly addresses: Readonly<Record<Singleton, Address>>
}

/** A deployment record that does not parse. Code: `malformed_deployment`. */
export class DeploymentError extends BaseError {
  override readonly name = 'DeploymentError'
}

/**
 * Reads a deployment record from JSON.
 *
 * @throws DeploymentError that names the field
 */
export function parseDeployment(value: unknown): Deployment {
  const { chainId, block, addresses } = fields(value, 'deployment')
  const given = fields(addresses, 'addresses')
  const checked = {} as Record<Singleton, Address>
  for (const name of singletons) {
    const address = given[name]
    if (typeof address !== 'string' || !isAddress(address, { strict: false })) {
      throw malformed(`addresses.${name}`, address, 'an address')
    }
    checked[name] = getAddress(address)
  }
  return { chainId: whole(chainId, 'chainId'), block: whole(block, 'block'), addresses: checked }
}

/** Writes a deployment record as JSON text. */
export function serializeDeployment(deployment: Deployment): string {
  return `${JSON.stringify(deployment, null, 2)}\n`
}

function fields(value: unknown, field: string): Record<string, unknown> {
  if (value === null || typeof value !== 'object') throw malformed(field, value, 'an object')
  return value as Record<string, unknown>
}

function whole(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw malformed(field, value, 'a whole number')
  return value
}

function malformed(field: string, value: unknown, expected: string): DeploymentError {
  return new DeploymentError({
    code: 'malformed_deployment',
    message: `The deployment record's ${field} is ${describeValue(value)}; expected ${expected}.`,
    fix: 'Use the record that the deployment wrote, or deploy again.',
    field,
    value: describeValue(value),
  })
}
