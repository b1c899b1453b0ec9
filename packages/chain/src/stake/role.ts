/** Who puts up a bond, in the order of the contract's `Role`. */
export const roles = ['ingest', 'verifier'] as const

export type Role = (typeof roles)[number]

/** The contract's number of a role. */
export function roleNumber(role: Role): number {
  return roles.indexOf(role)
}
