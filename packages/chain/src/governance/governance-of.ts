import type { NetworkId } from '@cairn/protocol'
import { type Address, keccak256, parseAbi, stringToHex } from 'viem'
import { getCode, readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { followChain } from '../follow/follow-chain.ts'
import { networkGovernorAbi } from '../generated/network-governor.ts'
import { readNetworkOwner } from '../networks/owner-of.ts'
import type { Governance } from './create-governor.ts'

const rolesAbi = parseAbi([
  'event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)',
])
const PROPOSER = keccak256(stringToHex('PROPOSER_ROLE'))

/**
 * The governor of a network, by the chain alone: among those who may propose to the timelock that owns it, the contract that says the timelock is its own.
 *
 * @returns undefined where the owner is no timelock, or nobody votes before it
 */
export async function readGovernanceOf(
  reader: ChainReader,
  { network }: { readonly network: NetworkId },
): Promise<Governance | undefined> {
  const { client, deployment } = reader
  const timelock = await readNetworkOwner(reader, { network })
  if ((await getCode(client, { address: timelock })) === undefined) return undefined
  let proposers: readonly Address[] = []
  await followChain({
    client,
    addresses: [timelock],
    abi: rolesAbi,
    firstTopics: [PROPOSER],
    fromBlock: deployment.block,
    onEvents(events) {
      proposers = [...proposers, ...events.map(({ args }) => args.account as Address)]
    },
    onRollback() {
      proposers = []
    },
  }).sync()
  for (const governor of proposers.toReversed()) {
    const ask = { address: governor, abi: networkGovernorAbi } as const
    const own = await readContract(client, { ...ask, functionName: 'timelock' }).catch(() => undefined)
    if (own !== timelock) continue
    return { governor, timelock, votingToken: await readContract(client, { ...ask, functionName: 'token' }) }
  }
  return undefined
}
