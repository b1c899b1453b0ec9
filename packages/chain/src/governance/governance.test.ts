import { type Hex, parseEther, toHex, zeroAddress } from 'viem'
import { getBlock } from 'viem/actions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Call, encodeCall } from '../call.ts'
import { rulesets, startTestNetwork, type TestNetwork } from '../deploy/network.fixture.ts'
import { networksAbi } from '../generated/networks.ts'
import { adoptRuleset } from '../networks/adopt-ruleset.ts'
import { changeOwner } from '../networks/change-owner.ts'
import { readRulesetAt } from '../networks/ruleset-at.ts'
import { setCreditTerms } from '../payments/set-credit-terms.ts'
import { startTestChain, type TestChain } from '../submit/local-chain.fixture.ts'
import { epochStart } from '../timeline.ts'
import { approve } from '../token/approve.ts'
import { readBalanceOf } from '../token/balance-of.ts'
import { transfer } from '../token/transfer.ts'
import { cancelProposal } from './cancel-proposal.ts'
import { castVote } from './cast-vote.ts'
import { executeProposal } from './execute-proposal.ts'
import { readGovernanceOf } from './governance-of.ts'
import { lockVotes } from './lock-votes.ts'
import { actionsOf, type ProposalContent } from './proposal.ts'
import { readProposalStatus, readProposals } from './proposals.ts'
import { propose } from './propose.ts'
import { queueProposal } from './queue-proposal.ts'
import { readRefusalOf } from './refusal-of.ts'
import { delegateVotes, unlockVotes } from './unlock-votes.ts'
import { readPastVotesOf, readVotesOf } from './votes-of.ts'
import { readVotingRules, type VotingRules } from './voting-rules.ts'

const rules: VotingRules = {
  delaySeconds: 10,
  periodSeconds: 60,
  lateQuorumSeconds: 20,
  timelockSeconds: 30,
  proposalThreshold: parseEther('5'),
  quorumBps: 2_000,
  leastQuorum: parseEther('20'),
}
const [alice, bob] = [1, 2] as const
let local: TestChain
let net: TestNetwork
let content: ProposalContent
let id: bigint

beforeAll(async () => {
  local = await startTestChain()
  net = await startTestNetwork(local, `0x${'60'.repeat(32)}`, { owner: { governor: rules } })
  const call = adoptRuleset(net.deployment, { network: net.network, document: rulesets[1]! })
  content = { actions: actionsOf([call]), description: 'Version 2\n\nIt counts better.' }
}, 60_000)
afterAll(() => local.chain.kill())

const send = (index: number, call: Call) => local.submitter(index).submit(call)
const reader = () => ({ client: local.client, deployment: net.deployment })
const governor = () => net.governor!
const now = async () => Number((await getBlock(local.client)).timestamp)
const status = () => readProposalStatus(reader(), { governor: governor(), id })
const lock = async (index: number, amount: bigint) => {
  const holder = local.account(index).address
  await send(index, approve({ token: net.token, spender: net.votingToken!, amount }))
  await send(index, lockVotes({ votingToken: net.votingToken!, holder, amount }))
}

test('default: a network is found to be governed, with its rules', async () => {
  const { network, owner: timelock, votingToken } = net
  expect(await readGovernanceOf(reader(), { network })).toEqual({
    governor: governor(),
    timelock,
    votingToken,
  })
  expect(await readVotingRules(local.client, { governor: governor(), now: await now() })).toEqual(rules)
})

test('default: locked tokens vote, and another may be chosen to vote with them', async () => {
  await lock(alice, parseEther('30'))
  const account = local.account(alice).address
  const votingToken = net.votingToken!
  const mine = { locked: parseEther('30'), votes: parseEther('30'), delegate: account }
  expect(await readVotesOf(local.client, { votingToken, account })).toEqual(mine)
  await lock(bob, parseEther('8'))
  await send(bob, delegateVotes(votingToken, account))
  expect((await readVotesOf(local.client, { votingToken, account })).votes).toBe(parseEther('38'))
  await send(bob, delegateVotes(votingToken, zeroAddress))
  expect(await readVotesOf(local.client, { votingToken, account: local.account(bob).address })).toEqual({
    locked: parseEther('8'),
    votes: 0n,
    delegate: undefined,
  })
  await send(bob, unlockVotes({ votingToken, holder: account, amount: parseEther('8') }))
  expect(await readBalanceOf(reader(), { token: net.token, account })).toBe(parseEther('978'))
})

test('default: proposed, voted, queued and executed, it acts from the next epoch on', async () => {
  // A proposer's votes are those of the second before.
  await net.goTo((await now()) + 2)
  await expect(send(bob, propose(governor(), content))).rejects.toMatchObject({
    errorName: 'GovernorInsufficientProposerVotes',
  })
  await send(alice, propose(governor(), content))
  const [proposal] = await readProposals(reader(), { governor: governor() })
  expect(proposal).toMatchObject({ ...content, proposer: local.account(alice).address, votes: [] })
  id = proposal!.id
  expect(await status()).toMatchObject({ state: 'pending', quorum: undefined })
  const vote = castVote(governor(), { id, support: 'for', reason: 'yes' })
  await expect(send(alice, vote)).rejects.toMatchObject({ errorName: 'GovernorUnexpectedProposalState' })
  await net.goTo(proposal!.snapshot + 1)
  await send(alice, vote)
  await expect(send(alice, vote)).rejects.toMatchObject({ errorName: 'GovernorAlreadyCastVote' })
  const { tally, quorum, deadline } = await status()
  expect(tally).toEqual({ for: parseEther('30'), against: 0n, abstain: 0n })
  expect(quorum).toBe(parseEther('20'))
  expect((await readProposals(reader(), { governor: governor() }))[0]!.votes).toEqual([
    { voter: local.account(alice).address, support: 'for', weight: parseEther('30'), reason: 'yes' },
  ])
  const { snapshot: time } = proposal!
  const past = { votingToken: net.votingToken!, account: local.account(alice).address, time }
  expect(await readPastVotesOf(local.client, past)).toBe(parseEther('30'))

  await net.goTo(deadline + 1)
  expect((await status()).state).toBe('succeeded')
  await send(bob, queueProposal(governor(), content))
  const queued = await status()
  expect(queued.state).toBe('queued')
  await expect(send(bob, executeProposal(governor(), content))).rejects.toMatchObject({
    errorName: 'TimelockUnexpectedOperationState',
  })
  await net.goTo(Math.max(queued.executableAt!, epochStart(net.timeline, 0) + 1))
  await send(bob, executeProposal(governor(), content))
  expect((await status()).state).toBe('executed')
  const hashes = await Promise.all(
    [0, 1].map(async (epoch) => (await readRulesetAt(reader(), { network: net.network, epoch })).hash),
  )
  expect(hashes[0]).not.toBe(hashes[1])
})

test('default: its proposer takes back what is not voted on yet', async () => {
  const again = { ...content, description: 'Again' }
  await send(alice, propose(governor(), again))
  id = (await readProposals(reader(), { governor: governor() }))[1]!.id
  await expect(send(bob, cancelProposal(governor(), again))).rejects.toMatchObject({
    errorName: 'GovernorUnableToCancel',
  })
  await send(alice, cancelProposal(governor(), again))
  expect((await status()).state).toBe('canceled')
})

test('error: what no vote may do is known before it is proposed', async () => {
  const { deployment, network, token, owner: timelock, reserve } = net
  const refusal = async (call: Call) => {
    const [action] = actionsOf([call])
    return (await readRefusalOf(local.client, { from: timelock, action: action!, name: call.name }))
      ?.errorName
  }
  const weighted = (weightBps: number) =>
    encodeCall({
      contract: 'Networks',
      to: deployment.addresses.networks,
      abi: networksAbi,
      functionName: 'adoptRuleset',
      args: [
        network,
        toHex(rulesets[1]!),
        { weights: [{ afterEpochs: 0, weightsBps: [weightBps, 0, 0, 0] }], returnBps: [0, 0, 0, 0] },
      ],
    })
  expect(await refusal(adoptRuleset(deployment, { network, document: rulesets[1]! }))).toBeUndefined()
  expect(await refusal(weighted(9_999))).toBe('WeightsNotWhole')
  expect(await refusal(changeOwner(deployment, { network, owner: reserve }))).toBeUndefined()
  expect(await refusal(transfer({ token, to: timelock, amount: 1n }))).toBe('InsufficientBalance')
  const terms = {
    price: {
      feed: token,
      confidenceFeed: zeroAddress as Hex,
      decimals: 8,
      maxAgeSeconds: 600,
      forgetSeconds: 600,
      maxDeviationBps: 100,
      maxConfidenceBps: 100,
    },
    refundSeconds: 60,
    sellerBps: [10_001, 0, 0, 0],
  } as const
  expect(await refusal(setCreditTerms(deployment, { network, terms }))).toBe('TermsInvalid')
})
