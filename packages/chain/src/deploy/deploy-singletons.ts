import { BaseError, type Hex } from '@cairn/protocol'
import { type Address, encodeDeployData, getAddress, getContractAddress } from 'viem'
import { getBlockNumber, getChainId, getCode, getTransactionCount } from 'viem/actions'
import type { Transaction } from '../call.ts'
import { type Deployment, type Singleton, singletons } from '../deployment.ts'
import { budgetsAbi, budgetsBytecode } from '../generated/budgets.ts'
import { challengesAbi, challengesBytecode } from '../generated/challenges.ts'
import { creditsAbi, creditsBytecode } from '../generated/credits.ts'
import { delegationPoolsAbi, delegationPoolsBytecode } from '../generated/delegation-pools.ts'
import { devicesAbi, devicesBytecode } from '../generated/devices.ts'
import { disputesAbi, disputesBytecode } from '../generated/disputes.ts'
import { evidenceAbi, evidenceBytecode } from '../generated/evidence.ts'
import { ingestChallengesAbi, ingestChallengesBytecode } from '../generated/ingest-challenges.ts'
import { networksAbi, networksBytecode } from '../generated/networks.ts'
import { operatorBondsAbi, operatorBondsBytecode } from '../generated/operator-bonds.ts'
import { paymentsAbi, paymentsBytecode } from '../generated/payments.ts'
import { possessionProofsAbi, possessionProofsBytecode } from '../generated/possession-proofs.ts'
import { settlementAbi, settlementBytecode } from '../generated/settlement.ts'
import { stakeAbi, stakeBytecode } from '../generated/stake.ts'
import { storageOffersAbi, storageOffersBytecode } from '../generated/storage-offers.ts'
import { storageRailsAbi, storageRailsBytecode } from '../generated/storage-rails.ts'
import type { Submitter } from '../submit/create-submitter.ts'

/** The contracts could not be deployed. Codes: `deployment_disturbed`, `deployment_incomplete`. */
export class DeployError extends BaseError {
  override readonly name = 'DeployError'
}

/**
 * Deploys the contracts that serve all networks. They name each other, so their addresses are derived first, from the account and its next
 * nonces; the account must send nothing else meanwhile.
 *
 * @returns the record to give to every program of this deployment
 */
export async function deploySingletons(submitter: Submitter): Promise<Deployment> {
  const { client, address: from } = submitter
  const [chainId, block, nonce] = await Promise.all([
    getChainId(client),
    getBlockNumber(client, { cacheTime: 0 }),
    getTransactionCount(client, { address: from, blockTag: 'pending' }),
  ])
  const addresses = Object.fromEntries(
    singletons.map((name, i) => [name, getContractAddress({ from, nonce: BigInt(nonce + i) })]),
  ) as Record<Singleton, Address>

  const creations = creationsOf(addresses)
  // All at once: the submitter gives out nonces in the order it is asked, and the check would notice another order.
  const created = await Promise.all(
    singletons.map((name) => create(submitter, { name, data: creations[name] })),
  )
  singletons.forEach((name, i) => {
    if (created[i] !== addresses[name]) throw disturbed(name, addresses[name], created[i]!)
  })
  for (const name of singletons) {
    if ((await getCode(client, { address: addresses[name] })) === undefined)
      throw incomplete(name, addresses[name])
  }
  return { chainId, block: Number(block) + 1, addresses }
}

/** Creates a contract and returns its address. */
export async function create(submitter: Submitter, creation: Transaction): Promise<Address> {
  const submission = await submitter.submit(creation)
  const address = submission.status === 'mined' ? submission.receipt.contractAddress : undefined
  if (address === undefined || address === null) throw incomplete(creation.name, 'nowhere')
  return getAddress(address)
}

function creationsOf(at: Record<Singleton, Address>): Record<Singleton, Hex> {
  return {
    networks: encodeDeployData({
      abi: networksAbi,
      bytecode: networksBytecode,
      args: [at.settlement, at.devices, at.budgets],
    }),
    devices: encodeDeployData({ abi: devicesAbi, bytecode: devicesBytecode, args: [at.networks] }),
    stake: encodeDeployData({
      abi: stakeAbi,
      bytecode: stakeBytecode,
      args: [at.networks, [at.evidence, at.ingestChallenges, at.settlement]],
    }),
    evidence: encodeDeployData({
      abi: evidenceAbi,
      bytecode: evidenceBytecode,
      args: [at.networks, at.stake],
    }),
    ingestChallenges: encodeDeployData({
      abi: ingestChallengesAbi,
      bytecode: ingestChallengesBytecode,
      args: [at.networks, at.stake, at.evidence],
    }),
    settlement: encodeDeployData({
      abi: settlementAbi,
      bytecode: settlementBytecode,
      args: [at.networks, at.devices, at.stake, at.evidence, at.challenges, at.disputes, at.budgets],
    }),
    challenges: encodeDeployData({
      abi: challengesAbi,
      bytecode: challengesBytecode,
      args: [at.networks, at.settlement],
    }),
    disputes: encodeDeployData({
      abi: disputesAbi,
      bytecode: disputesBytecode,
      args: [at.networks, at.devices, at.evidence, at.settlement],
    }),
    budgets: encodeDeployData({
      abi: budgetsAbi,
      bytecode: budgetsBytecode,
      args: [at.networks, at.credits],
    }),
    credits: encodeDeployData({
      abi: creditsAbi,
      bytecode: creditsBytecode,
      args: [at.networks, at.payments, at.storageRails],
    }),
    payments: encodeDeployData({ abi: paymentsAbi, bytecode: paymentsBytecode, args: [at.credits] }),
    operatorBonds: encodeDeployData({
      abi: operatorBondsAbi,
      bytecode: operatorBondsBytecode,
      args: [at.networks, at.devices, at.evidence, at.settlement, at.possessionProofs],
    }),
    delegationPools: encodeDeployData({
      abi: delegationPoolsAbi,
      bytecode: delegationPoolsBytecode,
      args: [
        {
          networks: at.networks,
          stake: at.stake,
          settlement: at.settlement,
          evidence: at.evidence,
          disputes: at.disputes,
        },
      ],
    }),
    possessionProofs: encodeDeployData({
      abi: possessionProofsAbi,
      bytecode: possessionProofsBytecode,
      args: [at.networks, at.devices, at.evidence, at.storageRails],
    }),
    storageOffers: encodeDeployData({
      abi: storageOffersAbi,
      bytecode: storageOffersBytecode,
      args: [at.networks, at.devices],
    }),
    storageRails: encodeDeployData({
      abi: storageRailsAbi,
      bytecode: storageRailsBytecode,
      args: [at.devices, at.storageOffers, at.credits, at.possessionProofs],
    }),
  }
}

function disturbed(name: string, expected: Address, created: Address): DeployError {
  return new DeployError({
    code: 'deployment_disturbed',
    message: `${name} was created at ${created}, but the others expect it at ${expected}: the account sent something else in between.`,
    fix: 'Deploy again with an account that nothing else uses.',
    field: name,
    value: created,
  })
}

function incomplete(name: string, address: string): DeployError {
  return new DeployError({
    code: 'deployment_incomplete',
    message: `There is no code of ${name} at ${address}.`,
    fix: 'Deploy again.',
    field: name,
    value: address,
  })
}
