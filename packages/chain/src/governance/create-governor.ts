import { type Address, encodeDeployData } from 'viem'
import { readContract } from 'viem/actions'
import { create } from '../deploy/deploy-singletons.ts'
import { networkGovernorAbi, networkGovernorBytecode } from '../generated/network-governor.ts'
import { networkTokenAbi } from '../generated/network-token.ts'
import { votingTokenAbi, votingTokenBytecode } from '../generated/voting-token.ts'
import type { Submitter } from '../submit/create-submitter.ts'
import type { VotingRules } from './voting-rules.ts'

/** What votes about a network. */
export interface Governance {
  readonly governor: Address
  /** What the network's owner is to be. */
  readonly timelock: Address
  readonly votingToken: Address
}

/** Makes a voting token over a network's token, and a governor with its timelock. Nobody keeps a key to either. */
export async function createGovernor(
  submitter: Submitter,
  { token, rules }: { readonly token: Address; readonly rules: VotingRules },
): Promise<Governance> {
  const { client } = submitter
  const word = (functionName: 'name' | 'symbol') =>
    readContract(client, { address: token, abi: networkTokenAbi, functionName }).catch(() => 'token')
  const [name, symbol] = await Promise.all([word('name'), word('symbol')])
  const votingToken = await create(submitter, {
    name: 'VotingToken',
    data: encodeDeployData({
      abi: votingTokenAbi,
      bytecode: votingTokenBytecode,
      args: [token, `Voting ${name}`, `v${symbol}`],
    }),
  })
  const governor = await create(submitter, {
    name: 'NetworkGovernor',
    data: encodeDeployData({
      abi: networkGovernorAbi,
      bytecode: networkGovernorBytecode,
      args: [votingToken, { ...rules, quorumBps: BigInt(rules.quorumBps) }],
    }),
  })
  const timelock = await readContract(client, {
    address: governor,
    abi: networkGovernorAbi,
    functionName: 'timelock',
  })
  return { governor, timelock, votingToken }
}
