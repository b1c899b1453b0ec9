import type { Hex } from '@cairn/protocol'
import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  encodeFunctionData,
} from 'viem'

/** A transaction that was not sent yet; without `to` it creates a contract. */
export interface Transaction {
  /** Contract and function, for people: `Evidence.commit`. */
  readonly name: string
  readonly to?: Address
  readonly data: Hex
}

/**
 * A transaction that calls a contract. Writes derive one and a submitter sends it, so that a call can be looked at, hashed for an
 * announcement or given to a timelock.
 */
export interface Call extends Transaction {
  readonly to: Address
}

/** Encodes a call, with types taken from the ABI. */
export function encodeCall<
  const abi extends Abi,
  name extends ContractFunctionName<abi, 'nonpayable' | 'payable'>,
>(options: {
  contract: string
  to: Address
  abi: abi
  functionName: name
  args: ContractFunctionArgs<abi, 'nonpayable' | 'payable', name>
}): Call {
  const { contract, to, functionName } = options
  return {
    name: `${contract}.${functionName}`,
    to,
    data: encodeFunctionData(options as unknown as Parameters<typeof encodeFunctionData>[0]),
  }
}
