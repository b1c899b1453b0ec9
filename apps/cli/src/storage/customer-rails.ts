import {
  type ChainReader,
  type FollowedEvent,
  type FollowedNetwork,
  followChain,
  type Rail,
  readDataSet,
  readDeviceOwner,
  readRail,
  storageRailsAbi,
} from '@cairn/chain'
import { BaseError, type Hex, type NetworkId } from '@cairn/protocol'
import { zeroAddress } from 'viem'
import { readOffer } from '../commands/storage/offer/read-offer.ts'
import type { CustomerRail } from './storage-seam.ts'

/** A network that is connected to, and followed. */
export interface StorageNetwork extends ChainReader {
  readonly file: { readonly network: NetworkId }
  readonly followed: FollowedNetwork
}

const railEvents = storageRailsAbi.filter(
  (item) => item.type === 'event' && (item.name === 'RailOpened' || item.name === 'SignerSet'),
)

/**
 * Follows the rails whose signer an address is.
 *
 * @param customer lower case
 * @returns reads them as they stand: those that are not closed, oldest first
 */
export function followCustomerRails(
  open: StorageNetwork,
  customer: Hex,
): () => Promise<readonly CustomerRail[]> {
  const { client, deployment, followed } = open
  const { network } = open.file
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
  const describe = async (id: bigint): Promise<CustomerRail[]> => {
    const rail = await readRail(open, { rail: id })
    const { device, set, state } = rail
    if (rail.network !== network || state === 'closed' || signerOf(rail) !== customer) return []
    const [kept, owner, offer, succeeds] = await Promise.all([
      readDataSet(open, { set }),
      readDeviceOwner(open, { network, index: device }),
      offerOf(open, device),
      succeededOf(open, rail),
    ])
    const found = followed.history.snapshotAt(2 ** 32 - 1).device(device)
    if (found === undefined) return []
    const { storagePrice, egressPrice } = rail
    return [
      {
        ...{ rail: id, set, state, device, offer, storagePrice, egressPrice, succeeds },
        payer: lower(rail.payer),
        deviceKey: found.key,
        owner: lower(owner),
        proving: kept.terms,
        pieces: kept.pieces,
      },
    ]
  }
  return async () => {
    await Promise.all([followed.sync(), follower.sync()])
    const ids = [...new Set(events.map(({ args }) => args.rail as bigint))].sort((a, b) => Number(a - b))
    return (await Promise.all(ids.map(describe))).flat()
  }
}

async function offerOf(open: StorageNetwork, device: number): Promise<CustomerRail['offer']> {
  try {
    const { url, country, capacityBytes } = await readOffer(open, device)
    return { url, country, capacityBytes }
  } catch (error) {
    if (error instanceof BaseError && error.code === 'no_offer') return undefined
    throw error
  }
}

async function succeededOf(open: ChainReader, { lost }: Rail): Promise<CustomerRail['succeeds']> {
  if (lost === undefined) return undefined
  const { device } = await readRail(open, { rail: lost })
  return { rail: lost, device }
}

/** Who signs for a rail's payer, lower case. */
export const signerOf = ({ signer, payer }: Pick<Rail, 'signer' | 'payer'>): Hex =>
  lower(signer === zeroAddress ? payer : signer)

const lower = (address: Hex): Hex => address.toLowerCase() as Hex
