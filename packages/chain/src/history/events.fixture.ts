import { type Hex, type NetworkId, parseNetworkId, type Root } from '@cairn/protocol'
import type { Address } from 'viem'
import { zeroAddress } from 'viem'
import { noRoot } from '../settlement/no-root.ts'
import type { HistoryEvent } from './history-abi.ts'

/** A network whose epochs are 100 s long, from second 1 000 on. */
export const network: NetworkId = parseNetworkId(`0x${'c5'.repeat(28)}`)

export const word = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`
export const account = (byte: number): Address => `0x${byte.toString(16).padStart(2, '0').repeat(20)}`

type Name = HistoryEvent['eventName']
type ArgsOf<N extends Name> = Omit<Extract<HistoryEvent, { eventName: N }>['args'], 'network'>

/** Makes events one after another, each in a block of its own. */
export function eventMaker() {
  let blockNumber = 0
  return <N extends Name>(eventName: N, args: ArgsOf<N>, timestamp = 1_000): HistoryEvent => {
    blockNumber += 1
    return { eventName, args: { network, ...args }, blockNumber, logIndex: 0, timestamp } as never
  }
}

export const creation: ArgsOf<'NetworkCreated'> = {
  creator: account(1),
  vault: account(2),
  reserve: account(3),
  config: {
    owner: account(4),
    guardian: account(5),
    token: account(6),
    emission: account(7),
    timeline: {
      genesis: 1_000n,
      epochSeconds: 100,
      sealSeconds: 10,
      availabilitySeconds: 20,
      attestSeconds: 30,
      challengeSeconds: 100,
      responseSeconds: 5,
      queueSeconds: 1,
      exitSeconds: 140,
    },
    ingestBond: 1n,
    verifierBond: 1n,
    challengeBond: 1n,
    reportsPerEpoch: 1,
    verifierShareBps: 0,
    outflowLimit: 0n,
    outflowEpochs: 0,
    beacon: zeroAddress,
    name: 'test',
  },
}

export const rootOf = (first: number, last: number): Root => ({ ...noRoot, first, last })
