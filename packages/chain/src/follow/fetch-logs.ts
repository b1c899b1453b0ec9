import type { Hex } from '@cairn/protocol'
import {
  type Abi,
  type Address,
  type Client,
  formatLog,
  type Log,
  numberToHex,
  type RpcLog,
  toEventSelector,
} from 'viem'

/** A question for events. */
export interface LogQuestion {
  readonly addresses: readonly Address[]
  readonly abi: Abi
  readonly firstTopics?: readonly Hex[]
  readonly from: number
  readonly to: number
}

/** The logs of the blocks from..to, in order. */
export async function fetchLogs(
  client: Client,
  { addresses, abi, firstTopics, from, to }: LogQuestion,
): Promise<Log<bigint, number, false>[]> {
  const selectors = abi.filter((item) => item.type === 'event').map(toEventSelector)
  const question = {
    address: [...addresses],
    topics: [selectors, ...(firstTopics === undefined ? [] : [[...firstTopics]])],
    fromBlock: numberToHex(from),
    toBlock: numberToHex(to),
  }
  const logs = (await client.request({ method: 'eth_getLogs', params: [question] } as never)) as RpcLog[]
  return logs
    .map((log) => formatLog(log) as Log<bigint, number, false>)
    .sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex)
}
