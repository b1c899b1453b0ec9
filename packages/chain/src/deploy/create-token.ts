import { type Address, encodeDeployData, zeroAddress } from 'viem'
import { networkTokenAbi, networkTokenBytecode } from '../generated/network-token.ts'
import type { Submitter } from '../submit/create-submitter.ts'
import { create } from './deploy-singletons.ts'

/** A token whose whole supply is given out when it is made, in its smallest unit. */
export interface NewToken {
  readonly name: string
  readonly symbol: string
  readonly allocations: readonly { readonly to: Address; readonly amount: bigint }[]
}

/** Creates a network's token. `reminter` may mint again what was burned, and no more; default: nobody. */
export function createToken(
  submitter: Submitter,
  { name, symbol, allocations }: NewToken,
  reminter: Address = zeroAddress,
): Promise<Address> {
  const data = encodeDeployData({
    abi: networkTokenAbi,
    bytecode: networkTokenBytecode,
    args: [name, symbol, allocations.map(({ to }) => to), allocations.map(({ amount }) => amount), reminter],
  })
  return create(submitter, { name: 'NetworkToken', data })
}
