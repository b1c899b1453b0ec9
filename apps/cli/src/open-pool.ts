import { type ChainReader, type PoolState, readIsPool, readPool } from '@cairn/chain'
import { BaseError } from '@cairn/protocol'
import type { Address } from 'viem'
import type { NetworkFile } from './network-file.ts'

/** The address is no pool of this deployment or network; code `not_a_pool`. */
export class PoolError extends BaseError {}

/** A pool that the deployment made, for the network. */
export async function openPool(
  reader: ChainReader & { readonly file: NetworkFile },
  pool: Address,
): Promise<PoolState> {
  if (!(await readIsPool(reader, { pool })))
    throw notAPool(
      pool,
      "was not made by this deployment: its code could do anything with a delegator's tokens",
    )
  const state = await readPool(reader, { pool })
  if (state.network !== reader.file.network) throw notAPool(pool, `is a pool of network ${state.network}`)
  return state
}

function notAPool(pool: Address, why: string): PoolError {
  return new PoolError({
    code: 'not_a_pool',
    field: 'pool',
    value: pool,
    message: `${pool} ${why}.`,
    fix: 'Ask the operator for the address that `cairn stake pool` printed, and name the network with --network.',
  })
}
