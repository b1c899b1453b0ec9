import type { Hex } from '@cairn/protocol'
import { type Address, zeroHash } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { timelockControllerAbi } from './timelock-controller.ts'

/** A call that a timelock is to make. */
export interface TimelockOperation {
  readonly timelock: Address
  /** What the network's owner is to do: `adoptRuleset`, `quarantine` … */
  readonly call: Call
  /** 32 bytes; tells apart operations that say the same. */
  readonly salt: Hex
}

/** Proposes an operation; it can be executed after `delaySeconds`, which is at least the timelock's own. A proposer sends it. */
export function scheduleOperation({ timelock, call, salt }: TimelockOperation, delaySeconds: number): Call {
  return encodeCall({
    contract: 'TimelockController',
    to: timelock,
    abi: timelockControllerAbi,
    functionName: 'schedule',
    args: [call.to, 0n, call.data, zeroHash, salt, BigInt(delaySeconds)],
  })
}

/** Executes an operation whose delay is over. An executor sends it. */
export function executeOperation({ timelock, call, salt }: TimelockOperation): Call {
  return encodeCall({
    contract: 'TimelockController',
    to: timelock,
    abi: timelockControllerAbi,
    functionName: 'execute',
    args: [call.to, 0n, call.data, zeroHash, salt],
  })
}
