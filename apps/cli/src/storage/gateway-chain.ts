import {
  type ChainReader,
  decodeContractError,
  type FollowedEvent,
  type FollowedNetwork,
  followChain,
  type Rail,
  readDataSet,
  readDeviceOwner,
  readPieceOf,
  readRail,
  readRailTermsOf,
  readRedeemedOf,
  readVoucherSignerUntil,
  revertDataOf,
  storageDomain,
  storageRailsAbi,
  voucherTypedData,
} from '@cairn/chain'
import { BaseError, fromHex, type Hex, type NetworkId, toHex } from '@cairn/protocol'
import { zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { getBlock } from 'viem/actions'
import { readOffer } from '../commands/storage/offer/read-offer.ts'
import type { CustomerRail, GatewayChain } from './storage-seam.ts'

/** A network that is connected to, and followed. */
export interface GatewayNetwork extends ChainReader {
  readonly file: { readonly network: NetworkId }
  readonly followed: FollowedNetwork
}

const railEvents = storageRailsAbi.filter(
  (item) => item.type === 'event' && (item.name === 'RailOpened' || item.name === 'SignerSet'),
)

/**
 * The chain that a customer's gateway works with.
 *
 * @param signerSecret the gateway's signing key, 32 bytes
 */
export function createGatewayChain(open: GatewayNetwork, signerSecret: Uint8Array): GatewayChain {
  const { client, deployment, followed } = open
  const { network } = open.file
  const account = privateKeyToAccount(toHex(signerSecret))
  const customer = lower(account.address)
  const { chainId, verifyingContract } = storageDomain(deployment)
  const namesCustomer = ({ args }: FollowedEvent) =>
    [args.signer, args.signer === zeroAddress ? args.payer : undefined].some(
      (address) => address !== undefined && lower(address as Hex) === customer,
    )
  let events: readonly FollowedEvent[] = []
  const follower = followChain({
    client,
    addresses: [deployment.addresses.storageRails],
    abi: railEvents,
    fromBlock: deployment.block,
    onEvents(more) {
      events = [...events, ...more.filter(namesCustomer)]
    },
    onRollback(last) {
      events = events.filter(({ blockNumber }) => blockNumber <= last)
    },
  })

  const offerOf = async (device: number): Promise<CustomerRail['offer']> => {
    try {
      const { url, country, capacityBytes } = await readOffer(open, device)
      return { url, country, capacityBytes }
    } catch (error) {
      if (error instanceof BaseError && error.code === 'no_offer') return undefined
      throw error
    }
  }
  const describe = async (id: bigint, rail: Rail): Promise<CustomerRail[]> => {
    const { device, set, state } = rail
    if (rail.network !== network || state === 'closed' || signerOf(rail) !== customer) return []
    const [kept, owner, offer] = await Promise.all([
      readDataSet(open, { set }),
      readDeviceOwner(open, { network, index: device }),
      offerOf(device),
    ])
    const found = followed.history.snapshotAt(2 ** 32 - 1).device(device)
    if (found === undefined) return []
    const { storagePrice, egressPrice } = rail
    return [
      {
        ...{ rail: id, set, state, device, offer, storagePrice, egressPrice },
        payer: lower(rail.payer),
        deviceKey: found.key,
        owner: lower(owner),
        proving: kept.terms,
        pieces: kept.pieces,
      },
    ]
  }

  return {
    context: { chainId, verifyingContract, network },
    customer,
    sign: async (digest) => fromHex(await account.sign({ hash: toHex(digest) })),
    async readRails() {
      await Promise.all([followed.sync(), follower.sync()])
      const ids = [...new Set(events.map(({ args }) => args.rail as bigint))].sort((a, b) => Number(a - b))
      const rails = await Promise.all(ids.map(async (id) => describe(id, await readRail(open, { rail: id }))))
      return rails.flat()
    },
    async readNextPiece(rail) {
      const { set } = await readRail(open, { rail })
      return (await readDataSet(open, { set })).pieces
    },
    async readPiece(rail, piece) {
      const { set } = await readRail(open, { rail })
      try {
        const { root, leaves } = await readPieceOf(open, { set, piece })
        return { root: fromHex(root), leaves: Number(leaves) }
      } catch (error) {
        const reason = revertDataOf(error)
        if (reason === undefined || decodeContractError(reason).name !== 'PieceUnknown') throw error
        return undefined
      }
    },
    readVoucherProgram: async () => (await readRailTermsOf(open, { network })).terms.program,
    async isVoucherSigner(payer) {
      const until = await readVoucherSignerUntil(open, { network, payer, signer: account.address })
      return (await getBlock(client, { blockTag: 'latest' })).timestamp < until
    },
    readRedeemed: (of) => readRedeemedOf(open, { network, ...of }),
    async signVoucher({ sum, ...voucher }) {
      const typed = voucherTypedData(deployment, { ...voucher, cumulative: sum })
      return { ...voucher, sum, signature: await account.signTypedData(typed) }
    },
  }
}

const lower = (address: Hex): Hex => address.toLowerCase() as Hex

const signerOf = ({ signer, payer }: Rail): Hex => lower(signer === zeroAddress ? payer : signer)
