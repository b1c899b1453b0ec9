import {
  approve,
  buyCredits,
  type Call,
  createGovernedFeed,
  registerDevice,
  setCreditTerms,
  setRailTerms,
  setStorageOffer,
} from '@cairn/chain'
import { fromHex, type NetworkId, onboardDigestInput } from '@cairn/protocol'
import type { DeviceSigner } from '@cairn/runtime'
import { standardSectors } from '@cairn/sector-standard'
import { type ContractChain, type ContractNetwork, createContractNetwork } from '@cairn/testing'
import { parseEther, zeroAddress } from 'viem'

/** Accounts of the test chain. */
export const [governor, owner, payer] = [0, 1, 2] as const

export const proving = { periodEpochs: 4, windowEpochs: 2, challenges: 3 }

/** A network that has rail terms, a payer with credits, and device 0, whose owner offers to store. */
export async function createRailNetwork(
  local: ContractChain,
  signer: DeviceSigner,
): Promise<ContractNetwork> {
  const address = (index: number) => local.account(index).address
  const send = (index: number, call: Call) => local.send(index, call)
  const sector = standardSectors.get('template')!
  const net = await createContractNetwork(local, { sector, devices: 0, verifiers: [3], salt: 77 })
  const { deployment } = local
  const { network, token } = net
  const feed = await createGovernedFeed(local.submitter(governor), {
    owner: address(governor),
    decimals: 8,
    answer: 100_000_000n,
  })
  const price = {
    feed,
    confidenceFeed: zeroAddress,
    decimals: 8,
    maxAgeSeconds: 86_400,
    forgetSeconds: 86_400,
    maxDeviationBps: 5_000,
    maxConfidenceBps: 100,
  }
  const creditTerms = { price, refundSeconds: 60, sellerBps: [10_000, 0, 0, 0] } as const
  await send(governor, setCreditTerms(deployment, { network, terms: creditTerms }))
  const terms = {
    program: 0,
    lostAfter: 1,
    repairPeriods: 2,
    noticePeriods: 1,
    repairPrice: 1n,
    heldUntil: [0, 0, 0, 0],
    heldBps: [0, 0, 0, 0],
  } as const
  await send(governor, setRailTerms(deployment, { network, terms }))
  await offerStorage(local, network, { device: 0, account: owner, signer, url: 'https://operator.example' })
  await send(payer, approve({ token, spender: deployment.addresses.credits, amount: parseEther('100') }))
  const credits = { network, payer: address(payer), credits: 1_000_000n, maxTokens: parseEther('2') }
  await send(payer, buyCredits(deployment, credits))
  return net
}

/** Whose device offers to store, and where it answers. */
export interface OfferedDevice {
  /** The network's next index. */
  readonly device: number
  readonly account: number
  readonly signer: DeviceSigner
  readonly url: string
  /** Credits for a TiB and period; a credit for a leaf when left out. */
  readonly storagePrice?: bigint
}

/** Onboards a device, and makes its offer. */
export async function offerStorage(
  local: ContractChain,
  network: NetworkId,
  { device, account, signer, url, storagePrice = 2n ** 35n }: OfferedDevice,
): Promise<void> {
  const { deployment } = local
  const signature = signer.sign(onboardDigestInput(network, fromHex(local.account(account).address), 0))
  await local.send(
    account,
    registerDevice(deployment, { network, deviceClass: 0, key: signer.key, signature }),
  )
  const offer = {
    ...{ url, storagePrice, proving },
    country: 'CH',
    egressPrice: 2n ** 40n,
    capacityBytes: 2n ** 40n,
    delegate: zeroAddress,
  }
  await local.send(account, setStorageOffer(deployment, { network, device, offer }))
}
