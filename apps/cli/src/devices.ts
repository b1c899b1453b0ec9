import { type FollowedNetwork, readClaimedOf, readDeviceOwner } from '@cairn/chain'
import { BaseError, type Hex } from '@cairn/protocol'
import { InvalidArgumentError } from 'commander'
import type { OpenNetwork } from './open-network.ts'

/** A device index from the command line, `7`. */
export function parseIndex(text: string): number {
  const index = Number(text)
  if (Number.isInteger(index) && index >= 0 && index < 2 ** 32) return index
  throw new InvalidArgumentError('expected the index of a device, a whole number')
}

/** For commander: collects device indexes. */
export function collectIndexes(text: string, before: readonly number[] = []): readonly number[] {
  return [...before, parseIndex(text)]
}

/** A device that the network does not have; code `unknown_device`. */
export class UnknownDeviceError extends BaseError {
  constructor(index: number, count: number) {
    super({
      code: 'unknown_device',
      field: 'device',
      value: String(index),
      message: `The network has ${count} devices, and no device ${index}.`,
      fix: count === 0 ? 'Onboard one with `cairn device onboard`.' : `Name an index from 0 to ${count - 1}.`,
    })
  }
}

/** What a device has earned by the newest final root, and what of it was claimed. */
export interface DeviceRewards {
  readonly device: number
  readonly owner: Hex
  readonly cumulative: bigint
  readonly claimed: bigint
  readonly claimable: bigint
}

export async function deviceRewards(
  open: OpenNetwork,
  device: number,
  cumulative: bigint,
): Promise<DeviceRewards> {
  const { network } = open.file
  const claimed = await readClaimedOf(open, { network, index: device })
  const owner = await readDeviceOwner(open, { network, index: device })
  return { device, owner, cumulative, claimed, claimable: cumulative > claimed ? cumulative - claimed : 0n }
}

/** The newest final root; undefined before the first. */
export function newestFinal({ history }: FollowedNetwork) {
  return history.roots.standing.findLast(({ state }) => state === 'final')
}

export function requireDevice({ followed }: OpenNetwork, index: number): void {
  const { deviceCount } = followed.history
  if (index >= deviceCount) throw new UnknownDeviceError(index, deviceCount)
}
