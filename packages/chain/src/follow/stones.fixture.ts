import { encodeAbiParameters, type Hex, parseAbi, toEventSelector } from 'viem'
import type { Call, Transaction } from '../call.ts'

/** The event of a small contract that logs what it is told: the first two words of its calldata are topics, the rest is data. */
export const stonesAbi = parseAbi(['event Stone(bytes32 indexed key, uint256 value)'])

/** CALLDATACOPY all; LOG2 of calldata[64…] with topics calldata[0…32], calldata[32…64]. */
export const stones: Transaction = {
  name: 'Stones',
  data: '0x6011600a5f3960115ff3365f5f376020355f35604036036040a200',
}

/** Logs `Stone(key, value)`. */
export function stone(to: Hex, value: bigint, key: Hex = `0x${'77'.repeat(32)}`): Call {
  const data = encodeAbiParameters(
    [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint256' }],
    [toEventSelector(stonesAbi[0]), key, value],
  )
  return { name: 'Stones.stone', to, data }
}

/** A contract that reverts with its calldata. */
export const refuser: Transaction = { name: 'Refuser', data: '0x6007600a5f3960075ff3365f5f37365ffd' }
