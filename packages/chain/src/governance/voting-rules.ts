import type { Address, Client } from 'viem'
import { readContract } from 'viem/actions'
import { networkGovernorAbi } from '../generated/network-governor.ts'
import { timelockControllerAbi } from '../timelock/timelock-controller.ts'

/** How a network votes (spec 9): `VotingRules` of the contracts. Seconds of block time; amounts in the token's smallest unit. */
export interface VotingRules {
  /** From a proposal to its vote; votes are counted as they are at its end. */
  readonly delaySeconds: number
  readonly periodSeconds: number
  /** A vote stays open this long after its quorum was met; at most `periodSeconds`. */
  readonly lateQuorumSeconds: number
  /** From queueing to execution. */
  readonly timelockSeconds: number
  /** Votes a proposer has. */
  readonly proposalThreshold: bigint
  /** Of all that is locked, in basis points; for and abstain count towards it. */
  readonly quorumBps: number
  /** Least quorum, however little is locked. */
  readonly leastQuorum: bigint
}

/** The rules as they are now, any of which a passed proposal may have changed. `now` is the time of the newest block. */
export async function readVotingRules(
  client: Client,
  { governor, now }: { readonly governor: Address; readonly now: number },
): Promise<VotingRules> {
  const ask = { address: governor, abi: networkGovernorAbi } as const
  const timelock = await readContract(client, { ...ask, functionName: 'timelock' })
  const [delay, period, late, threshold, quorumBps, leastQuorum, timelockSeconds] = await Promise.all([
    readContract(client, { ...ask, functionName: 'votingDelay' }),
    readContract(client, { ...ask, functionName: 'votingPeriod' }),
    readContract(client, { ...ask, functionName: 'lateQuorumVoteExtension' }),
    readContract(client, { ...ask, functionName: 'proposalThreshold' }),
    readContract(client, { ...ask, functionName: 'quorumNumerator' }),
    readContract(client, { ...ask, functionName: 'leastQuorum', args: [BigInt(now)] }),
    readContract(client, { address: timelock, abi: timelockControllerAbi, functionName: 'getMinDelay' }),
  ])
  return {
    delaySeconds: Number(delay),
    periodSeconds: Number(period),
    lateQuorumSeconds: late,
    timelockSeconds: Number(timelockSeconds),
    proposalThreshold: threshold,
    quorumBps: Number(quorumBps),
    leastQuorum,
  }
}
