import { buildPayoutTree, buildVerdictTree, buildWorkTree, type VerdictEntry } from '@cairn/protocol'
import { decodeFunctionData, encodeAbiParameters, keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Call } from '../call.ts'
import { type Deployment, singletons } from '../deployment.ts'
import { openHiddenVerdictAt } from '../disputes/open-hidden-verdict-at.ts'
import { openUnbacked } from '../disputes/open-unbacked.ts'
import { showBacking } from '../disputes/show-backing.ts'
import { challengesAbi } from '../generated/challenges.ts'
import { disputesAbi } from '../generated/disputes.ts'
import { ingestChallengesAbi } from '../generated/ingest-challenges.ts'
import { account, network, rootOf, word } from '../history/events.fixture.ts'
import { noRoot } from '../settlement/no-root.ts'
import { challengeCommitment, commitChallenge } from './commit.ts'
import { proveBadPayoutSum } from './prove-bad-payout-sum.ts'
import { proveBadVerdictSum } from './prove-bad-verdict-sum.ts'
import { proveBadWorkSum } from './prove-bad-work-sum.ts'
import { proveDisorder } from './prove-disorder.ts'
import { proveOmission } from './prove-omission.ts'
import { proveWrongPayout } from './prove-wrong-payout.ts'

const deployment: Deployment = {
  chainId: 1,
  block: 0,
  addresses: Object.fromEntries(singletons.map((name, i) => [name, account(i + 1)])) as never,
}
const root = rootOf(0, 3)
const salt = word(9)
const entry: VerdictEntry = { slot: 1, index: 2, observation: 3, reason: 0, work: [4n, 0n, 0n, 0n] }
const verdicts = buildVerdictTree([entry, { ...entry, observation: 4 }])
const leaf = { index: 0, work: [8n, 0n, 0n, 0n], verdictHash: verdicts.hash, verdictCount: 2 } as const
const work = buildWorkTree([leaf, { ...leaf, index: 1 }])
const payouts = buildPayoutTree([5n, 6n])
const workProof = { leaf, siblings: work.proof(0) }
const verdictProof = { entry, position: 0, siblings: verdicts.proof(0) }
const payoutProof = { cumulative: 5n, siblings: payouts.proof(0) }

const abis = [...challengesAbi, ...disputesAbi, ...ingestChallengesAbi]
const argsOf = (call: Call) => decodeFunctionData({ abi: abis, data: call.data }).args

describe('commitChallenge', () => {
  test('default: goes to the contract of the challenge and binds challenger and calldata', () => {
    const challenge = proveWrongPayout(deployment, {
      network,
      root,
      payout: payoutProof,
      work: workProof,
      salt,
    })
    const commitment = keccak256(
      encodeAbiParameters(
        [{ type: 'address' }, { type: 'bytes32' }],
        [account(7), keccak256(challenge.data)],
      ),
    )
    expect(challengeCommitment(account(7), challenge)).toBe(commitment)
    const announcement = commitChallenge(account(7), challenge)
    expect(announcement).toMatchObject({ to: deployment.addresses.challenges, name: 'Challenges.commit' })
    expect(argsOf(announcement)).toEqual([commitment])
    expect(challengeCommitment(account(8), challenge)).not.toBe(commitment)
  })
})

describe('calldata', () => {
  test('default: what is left out is the empty root and no proof', () => {
    const call = proveWrongPayout(deployment, { network, root, payout: payoutProof, work: workProof, salt })
    const args = argsOf(call)
    expect(args?.slice(1, 3)).toEqual([root, noRoot])
    expect(args?.[4]).toEqual({ cumulative: 0n, siblings: '0x' })
    expect(args?.at(-1)).toBe(salt)
  })

  test('default: descents carry pairs of nodes from the top', () => {
    const descent = { position: 0, pairs: [payouts.children(1, 0)] }
    expect(argsOf(proveBadPayoutSum(deployment, { network, root, descent, salt }))?.[2]).toMatchObject({
      position: 0,
      pairs: [[{ sum: 5n }, { sum: 6n }]],
    })
    const workDescent = { position: 0, pairs: [work.children(1, 0)] }
    expect(
      argsOf(proveBadWorkSum(deployment, { network, root, descent: workDescent, salt }))?.[2],
    ).toMatchObject({
      pairs: [[{ sums: [8n, 0n, 0n, 0n] }, { sums: [8n, 0n, 0n, 0n] }]],
    })
    const verdictDescent = { position: 0, pairs: [verdicts.children(1, 0)] }
    const call = proveBadVerdictSum(deployment, {
      network,
      root,
      work: workProof,
      descent: verdictDescent,
      salt,
    })
    expect(argsOf(call)?.[3]).toMatchObject({ pairs: [[{ sums: entry.work }, { sums: entry.work }]] })
  })

  test('default: verdict proofs, disputes and their answers encode', () => {
    const b = { ...verdictProof, position: 1 }
    const disorder = proveDisorder(deployment, { network, root, work: workProof, a: verdictProof, b, salt })
    expect(argsOf(disorder)?.[4]).toMatchObject({ entry, position: 1 })
    const opened = openUnbacked(deployment, { network, root, work: workProof, verdict: verdictProof, salt })
    expect(opened.to).toBe(deployment.addresses.disputes)
    const place = { height: 1, position: 1, node: new Uint8Array(48), siblings: new Uint8Array(96) }
    const at = openHiddenVerdictAt(deployment, { network, root, work: workProof, place, salt })
    expect(argsOf(at)?.[3]).toEqual({
      height: 1,
      position: 1,
      node: `0x${'00'.repeat(48)}`,
      siblings: `0x${'00'.repeat(96)}`,
    })
    const key = { x: new Uint8Array(32).fill(1), y: new Uint8Array(32).fill(2) }
    const answer = showBacking(deployment, {
      id: 1n,
      root,
      entry,
      header: new Uint8Array(83),
      key,
      signature: new Uint8Array(64).fill(3),
      evidencePath: [salt],
      observation: Uint8Array.of(1),
      bodyPath: [],
    })
    expect(argsOf(answer)?.[4]).toMatchObject({
      key: { x: word(1), y: word(2) },
      signature: { r: word(3), s: word(3) },
      observation: '0x01',
    })
  })

  test('default: an omission without anything standing there', () => {
    const group = { network, epoch: 1, first: 0, count: 1, batchRoot: word(1) }
    const receipt = {
      group,
      signature: `0x${'11'.repeat(65)}` as const,
      index: 0,
      path: [],
      recordHash: word(2),
    }
    expect(argsOf(proveOmission(deployment, { receipt, salt }))?.slice(5)).toEqual([word(0), [], salt])
    const standing = { leaf: word(3), path: [word(4)] }
    expect(argsOf(proveOmission(deployment, { receipt, standing, salt }))?.slice(5, 7)).toEqual([
      word(3),
      [word(4)],
    ])
  })
})
