import { serializeRuleset } from '@cairn/protocol'
import { type Hex, parseEther } from 'viem'
import { getBlock } from 'viem/actions'
import type { Deployment } from '../deployment.ts'
import type { TestChain } from '../submit/local-chain.fixture.ts'
import type { Timeline } from '../timeline.ts'
import { type CreatedNetwork, type CreateNetworkOptions, createNetwork } from './create-network.ts'
import { deploySingletons } from './deploy-singletons.ts'

/** The ruleset documents of the test network. */
export const rulesets: readonly Uint8Array[] = [1, 2].map((version) =>
  serializeRuleset({
    sector: 'template',
    version,
    programs: [{ name: 'usage', weightBps: 10_000 }],
    params: {},
    carryEpochs: 8,
  }),
)

/** A deployment with one network whose genesis is some minutes away. */
export interface TestNetwork extends CreatedNetwork {
  readonly deployment: Deployment
  readonly timeline: Timeline
  /** Mines a block at that Unix second. */
  goTo(time: number): Promise<void>
}

/** Deploys everything with account 0, who also holds 1 000 tokens for each of the first five accounts' bonds. */
export async function startTestNetwork(
  local: TestChain,
  salt: Hex,
  changes: Partial<CreateNetworkOptions> = {},
): Promise<TestNetwork> {
  const submitter = local.submitter(0)
  const deployment = await deploySingletons(submitter)
  const { timestamp } = await getBlock(local.client)
  const timeline: Timeline = {
    genesis: timestamp + 300n,
    epochSeconds: 100,
    sealSeconds: 20,
    availabilitySeconds: 20,
    attestSeconds: 40,
    challengeSeconds: 50,
    responseSeconds: 5,
    queueSeconds: 1,
    exitSeconds: 220,
  }
  const options: CreateNetworkOptions = {
    name: 'Test',
    timeline,
    token: {
      name: 'Stone',
      symbol: 'STN',
      allocations: [0, 1, 2, 3, 4].map((index) => ({
        to: local.account(index).address,
        amount: parseEther('1000'),
      })),
    },
    owner: {
      delaySeconds: 1,
      proposers: [local.account(0).address],
      executors: [local.account(0).address],
    },
    emission: { kind: 'halving', perEpoch: parseEther('10'), halvingEpochs: 10, maxHalvings: 2 },
    ingestBond: parseEther('10'),
    verifierBond: parseEther('10'),
    challengeBond: parseEther('5'),
    reportsPerEpoch: 1_000,
    verifierShareBps: 1_000,
    ruleset: rulesets[0]!,
    salt,
    ...changes,
  }
  const created = await createNetwork({ deployment, submitter }, options)
  return {
    ...created,
    deployment,
    timeline,
    async goTo(time) {
      await local.rpc('evm_setNextBlockTimestamp', time)
      await local.rpc('evm_mine')
    },
  }
}
