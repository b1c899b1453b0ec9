import { readDeviceOwner, readTokenOf } from '@cairn/chain'
import { runCairn } from '@cairn/testing/cairn-process'
import { castBalance } from './cast.ts'
import type { LocalNetwork } from './follow.ts'
import type { RunningNetwork } from './start-network.ts'

/** What was claimed, and the owner's balance before and after, in the token's smallest unit. */
export interface Claimed {
  readonly owner: string
  readonly before: bigint
  readonly after: bigint
  readonly paid: bigint
  readonly devices: number
  readonly transactions: number
}

/** Claims for all devices with the command line, and reads the balance of their owner with cast. */
export async function claimAll({ home }: RunningNetwork, local: LocalNetwork): Promise<Claimed> {
  const { network, rpcUrl } = local
  const token = await readTokenOf(local, { network })
  const owner = await readDeviceOwner(local, { network, index: 0 })
  const before = await castBalance(rpcUrl, token, owner)
  const { value, stderr } = await runCairn<
    { paid?: number | string; devices?: unknown[]; claims: unknown[] } | undefined
  >({ home, args: ['rewards', 'claim'] })
  if (value === undefined) throw new Error(`cairn rewards claim printed no result: ${stderr}`)
  const after = await castBalance(rpcUrl, token, owner)
  return {
    owner,
    before,
    after,
    paid: BigInt(value.paid ?? 0),
    devices: value.devices?.length ?? 0,
    transactions: value.claims.length,
  }
}
