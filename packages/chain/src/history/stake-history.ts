import type { Address } from 'viem'
import type { Role } from '../stake/role.ts'
import type { Undo } from './undo.ts'

/** What a holder has at stake in a role. */
interface Bond {
  /** All that a slash takes. */
  readonly amount: bigint
  /** The part that snapshots leave out from some epoch on. */
  readonly exiting: bigint
  readonly withdrawableAt: number
  /** By epoch: amount less exiting. */
  readonly counted: readonly { readonly fromEpoch: number; readonly amount: bigint }[]
  readonly url: string | undefined
  /** How many of the accepted roots the holder has not missed. Of verifiers alone. */
  readonly presentThrough: number
}

/** So many accepted roots in a row may be missed before a verifier's weight halves, and how often it can: spec 6, as in Stake.sol. */
const PATIENCE = 24
const MAX_HALVINGS = 6

/** Where a holder can be reached. */
export interface Endpoint {
  readonly holder: Address
  readonly url: string
}

/** All bonds of a network. */
export interface StakeHistory {
  deposited(role: Role, event: { holder: Address; amount: bigint; bond: bigint; fromEpoch: number }): Undo
  exitRequested(
    role: Role,
    event: { holder: Address; amount: bigint; withdrawableAt: bigint; fromEpoch: number },
  ): Undo
  withdrawn(role: Role, event: { holder: Address; amount: bigint }): Undo
  /** @param fromEpoch the epoch after the one the slash is in */
  slashed(role: Role, event: { holder: Address; amount: bigint }, fromEpoch: number): Undo
  announced(role: Role, event: { holder: Address; url: string }): Undo
  /** The verifier has attested a root: its absence is over. */
  attended(event: { verifier: Address }): Undo
  /** Another root is accepted, and who did not attest it has missed one more. */
  rootAccepted(): Undo
  /** Accepted roots that the verifier has missed since it last attested. */
  missedBy(verifier: Address): number
  /** Holders with anything at stake now, in the order they came. */
  holders(role: Role): Address[]
  /** Where those holders serve; without the ones that never said. */
  endpoints(role: Role): Endpoint[]
  /** Where a holder said last that it serves, whether it still has anything at stake or not: what it committed before it was slashed counts. */
  urlOf(role: Role, holder: Address): string | undefined
  /** Stake in the snapshot of `epoch`, whatever was slashed since. */
  countedAt(role: Role, holder: Address, epoch: number): bigint
  /** min(stake in the snapshot of `epoch`, slashable now), halved for a verifier's long absence. */
  weightOf(role: Role, holder: Address, epoch: number): bigint
  totalWeight(role: Role, epoch: number): bigint
  slashableOf(role: Role, holder: Address): bigint
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

const none: Bond = {
  amount: 0n,
  exiting: 0n,
  withdrawableAt: 0,
  counted: [],
  url: undefined,
  presentThrough: 0,
}

/** Makes a history without bonds. */
export function createStakeHistory(): StakeHistory {
  const bonds = new Map<string, Bond>()
  let acceptedRoots = 0
  const keyOf = (role: Role, holder: Address) => `${role}/${holder.toLowerCase()}`
  const get = (role: Role, holder: Address) => bonds.get(keyOf(role, holder)) ?? none
  /** Addresses as the events wrote them, by role, in order of their first deposit. */
  const known = new Map<Role, Address[]>()
  const change = (role: Role, holder: Address, update: (bond: Bond) => Partial<Bond>): Undo => {
    const key = keyOf(role, holder)
    const before = bonds.get(key)
    bonds.set(key, { ...(before ?? none), ...update(before ?? none) })
    if (before === undefined) known.set(role, [...(known.get(role) ?? []), holder])
    return () => {
      if (before !== undefined) bonds.set(key, before)
      else {
        bonds.delete(key)
        known.set(role, known.get(role)!.slice(0, -1))
      }
    }
  }
  const count = (bond: Bond, fromEpoch: number, amount: bigint) => [
    ...bond.counted.filter((checkpoint) => checkpoint.fromEpoch !== fromEpoch),
    { fromEpoch, amount },
  ]
  const holders = (role: Role) => (known.get(role) ?? []).filter((holder) => get(role, holder).amount > 0n)
  const countedAt = (role: Role, holder: Address, epoch: number) =>
    get(role, holder).counted.findLast(({ fromEpoch }) => fromEpoch <= epoch)?.amount ?? 0n
  const missedBy = (verifier: Address) =>
    Math.max(0, acceptedRoots - get('verifier', verifier).presentThrough)
  const halvingsOf = (verifier: Address) => Math.min(MAX_HALVINGS, Math.floor(missedBy(verifier) / PATIENCE))
  const weightOf = (role: Role, holder: Address, epoch: number) => {
    const { amount } = get(role, holder)
    const weight = least(countedAt(role, holder, epoch), amount)
    return role === 'verifier' ? weight >> BigInt(halvingsOf(holder)) : weight
  }

  return {
    holders,
    missedBy,
    countedAt,
    weightOf,
    deposited: (role, { holder, bond: amount, fromEpoch }) =>
      change(role, holder, (bond) => ({
        amount,
        counted: count(bond, fromEpoch, amount - bond.exiting),
        // Who had nothing at stake comes anew.
        presentThrough: bond.amount === 0n ? acceptedRoots : bond.presentThrough,
      })),
    attended: ({ verifier }) => change('verifier', verifier, () => ({ presentThrough: acceptedRoots + 1 })),
    rootAccepted: () => {
      acceptedRoots += 1
      return () => {
        acceptedRoots -= 1
      }
    },
    exitRequested: (role, { holder, amount, withdrawableAt, fromEpoch }) =>
      change(role, holder, (bond) => {
        const exiting = bond.exiting + amount
        return {
          exiting,
          withdrawableAt: Number(withdrawableAt),
          counted: count(bond, fromEpoch, bond.amount - exiting),
        }
      }),
    withdrawn: (role, { holder, amount }) =>
      change(role, holder, (bond) => ({ amount: bond.amount - amount, exiting: bond.exiting - amount })),
    slashed: (role, { holder, amount: taken }, fromEpoch) =>
      change(role, holder, (bond) => {
        // What is exiting goes last, as in Stake.sol.
        const amount = bond.amount - taken
        const exiting = least(bond.exiting, amount)
        return { amount, exiting, counted: count(bond, fromEpoch, amount - exiting) }
      }),
    announced: (role, { holder, url }) => change(role, holder, () => ({ url })),
    endpoints: (role) =>
      holders(role).flatMap((holder) => {
        const { url } = get(role, holder)
        return url === undefined || url === '' ? [] : [{ holder, url }]
      }),
    urlOf: (role, holder) => get(role, holder).url || undefined,
    totalWeight: (role, epoch) =>
      holders(role).reduce((sum, holder) => sum + weightOf(role, holder, epoch), 0n),
    slashableOf: (role, holder) => get(role, holder).amount,
  }
}
