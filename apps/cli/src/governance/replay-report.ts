import type { Replay } from '@cairn/recompute'
import type { Address } from 'viem'

/** What somebody earned in the replayed epochs, and would have. Amounts in the token's smallest unit. */
export interface ReplayLine {
  readonly before: bigint
  readonly after: bigint
  readonly difference: bigint
  /** Of what was earned, in basis points, towards zero; null where nothing was. */
  readonly differenceBps: bigint | null
}

export interface ReplayedOwner extends ReplayLine {
  readonly owner: Address
  readonly devices: number
}

/** A replay in the terms of those who vote. */
export interface ReplayReport {
  /** Greatest gain first. */
  readonly owners: readonly ReplayedOwner[]
  /** Likewise. */
  readonly devices: readonly (ReplayLine & { readonly device: number; readonly owner: Address })[]
  readonly total: ReplayLine
  readonly gain: number
  readonly lose: number
  readonly same: number
  /** Undefined where nobody loses. */
  readonly largestLoser: ReplayedOwner | undefined
}

/** Who gains and who loses. Pure; `ownerOf` knows every device that earned something on either side. */
export function reportReplay({ devices }: Replay, ownerOf: (device: number) => Address): ReplayReport {
  const paid = devices
    .filter(({ before, after }) => before > 0n || after > 0n)
    .map(({ device, before, after }) => ({ device, owner: ownerOf(device), ...lineOf(before, after) }))
  const byOwner = new Map<Address, { before: bigint; after: bigint; devices: number }>()
  for (const { owner, before, after } of paid) {
    const sum = byOwner.get(owner) ?? { before: 0n, after: 0n, devices: 0 }
    byOwner.set(owner, {
      before: sum.before + before,
      after: sum.after + after,
      devices: sum.devices + 1,
    })
  }
  const owners = [...byOwner]
    .map(([owner, { before, after, devices: count }]) => ({
      owner,
      devices: count,
      ...lineOf(before, after),
    }))
    .sort((a, b) => byGain(a, b) || (a.owner < b.owner ? -1 : 1))
  const last = owners.at(-1)
  return {
    owners,
    devices: paid.sort((a, b) => byGain(a, b) || a.device - b.device),
    total: lineOf(sumOf(paid.map(({ before }) => before)), sumOf(paid.map(({ after }) => after))),
    gain: owners.filter(({ difference }) => difference > 0n).length,
    lose: owners.filter(({ difference }) => difference < 0n).length,
    same: owners.filter(({ difference }) => difference === 0n).length,
    largestLoser: last !== undefined && last.difference < 0n ? last : undefined,
  }
}

function lineOf(before: bigint, after: bigint): ReplayLine {
  const difference = after - before
  return { before, after, difference, differenceBps: before === 0n ? null : (difference * 10_000n) / before }
}

function byGain(a: ReplayLine, b: ReplayLine): number {
  return a.difference === b.difference ? 0 : a.difference > b.difference ? -1 : 1
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}
