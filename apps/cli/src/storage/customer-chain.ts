import {
  addBundle,
  bundleTypedData,
  type ChainReader,
  ContractError,
  readDataSet,
  readDeviceOwner,
  readPieceOf,
  readRail,
  readRailAccountOf,
  readRailTermsOf,
  readStorageOfferOf,
  type Submitter,
} from '@cairn/chain'
import { type Hex, type NetworkId, toHex } from '@cairn/protocol'
import type { LocalAccount } from 'viem'
import { getBlock, verifyTypedData } from 'viem/actions'
import { signerOf } from './customer-rails.ts'
import type { FollowedRails, NumberedRail } from './follow-rails.ts'
import { redemptionOf, signMeter } from './redemption.ts'
import { refusalOf } from './refusal-of.ts'
import type { CustomerChain, SignedBundle } from './storage-seam.ts'

/** Which device, and who speaks for it: its owner, or the delegate of its offer; meters of a delegate count once the owner has named it with `cairn voucher signer`. */
export interface CustomerChainOptions {
  readonly network: NetworkId
  readonly device: number
  readonly account: LocalAccount
  readonly submitter: Submitter
  readonly rails: FollowedRails
  readonly signal?: AbortSignal
}

/** A voucher that ends sooner may end before it is redeemed. */
const leastVoucherSeconds = 3_600n

/** Who is not known may have just opened a rail: the chain is asked again, so often at most, ms. */
const unknownForMs = 1_000

const isSame = (a: Hex, b: Hex): boolean => a.toLowerCase() === b.toLowerCase()

/** What an operator's server asks, on a chain. */
export function createCustomerChain(reader: ChainReader, options: CustomerChainOptions): CustomerChain {
  const { network, device, account, submitter, rails, signal } = options
  const { client, deployment } = reader
  const railsOf = async (customer: Hex, mostAgeMs?: number) =>
    (await rails.read(mostAgeMs)).filter((each) => isSame(signerOf(each), customer))
  /** The newest that ended and whose last period is not over. */
  const findEnding = async (customer: Hex): Promise<NumberedRail | undefined> => {
    for (const rail of (await railsOf(customer)).filter(({ state }) => state === 'ended').reverse()) {
      const { lastPeriod, period } = await readRailAccountOf(reader, { rail: rail.id })
      if (lastPeriod === undefined || period <= lastPeriod) return rail
    }
    return undefined
  }
  const findRail: CustomerChain['findRail'] = async (customer) => {
    const running = async (mostAgeMs?: number) =>
      (await railsOf(customer, mostAgeMs)).find(({ state }) => state === 'running')
    const rail = (await running()) ?? (await running(unknownForMs)) ?? (await findEnding(customer))
    if (rail === undefined) return undefined
    const { id, payer, egressPrice, state } = rail
    return { rail: id, payer: lower(payer), egressPrice, isEnding: state === 'ended' }
  }
  const isSigned = async (bundle: SignedBundle): Promise<boolean> => {
    const rail = await readRail(reader, { rail: bundle.rail })
    const { signature, ...terms } = bundleOf(bundle)
    for (const address of new Set([signerOf(rail), rail.payer])) {
      const typed = bundleTypedData(deployment, terms)
      if (await verifyTypedData(client, { address, ...typed, signature })) return true
    }
    return false
  }

  return {
    findRail,
    async findRepair(reading, customer) {
      const repairs = await rails.repairsOf(reading)
      if (!repairs.some((rail) => isSame(signerOf(rail), customer))) return undefined
      const { egressPrice } = await readStorageOfferOf(reader, { network, device })
      return { payer: reading, egressPrice }
    },
    async verifyVoucher({ sum, signature, ...voucher }) {
      if (voucher.network !== network) return `The voucher is for network ${voucher.network}.`
      const owner = await readDeviceOwner(reader, { network, index: device })
      if (!isSame(voucher.seller, owner)) return `The voucher's seller has to be ${owner}.`
      // A rail that ended counts as well: what was read on it is owed.
      const own = (await rails.read()).some(({ payer }) => isSame(payer, voucher.payer))
      if (!own && (await rails.repairsOf(voucher.payer)).length === 0)
        return `${voucher.payer} has opened no rail to device ${device}, and repairs none.`
      const { terms } = await readRailTermsOf(reader, { network })
      if (voucher.program !== terms.program) return `The voucher has to be for program ${terms.program}.`
      const { timestamp } = await getBlock(client, { blockTag: 'latest' })
      if (voucher.expiresAt < timestamp + leastVoucherSeconds)
        return `The voucher ends in less than ${leastVoucherSeconds} seconds.`
      const call = await redemptionOf(deployment, account, { ...voucher, sum, signature })
      const refused = await refusalOf(client, call, account.address)
      return refused === undefined ? undefined : `It could not be redeemed: ${refused.name}.`
    },
    signMeter: (voucher) => signMeter(deployment, account, voucher),
    async readNextPiece(rail) {
      const { set } = await readRail(reader, { rail })
      return (await readDataSet(reader, { set })).pieces
    },
    async refusalOf(bundle) {
      const { set } = await readRail(reader, { rail: bundle.rail })
      const { pieces } = await readDataSet(reader, { set })
      if (pieces !== bundle.piece)
        return (await isSigned(bundle)) ? undefined : "It is not signed by the rail's payer or signer."
      const { signature, ...terms } = bundleOf(bundle)
      const call = addBundle(deployment, { bundle: terms, signature })
      const refused = await refusalOf(client, call, account.address)
      return refused === undefined ? undefined : `The chain would refuse it: ${refused.name}.`
    },
    async addBundle(bundle) {
      const rail = await readRail(reader, { rail: bundle.rail })
      const { pieces } = await readDataSet(reader, { set: rail.set })
      const { signature, ...terms } = bundleOf(bundle)
      if (pieces > bundle.piece) {
        const found = await readPieceOf(reader, { set: rail.set, piece: bundle.piece }).catch(() => undefined)
        return found === undefined || isSame(found.root, terms.root) ? 'added' : 'void'
      }
      if (rail.state !== 'running' && rail.state !== 'repairing') return 'void'
      try {
        await submitter.submit(addBundle(deployment, { bundle: terms, signature }), {
          ...(signal === undefined ? {} : { signal }),
          settled: async () => (await readDataSet(reader, { set: rail.set })).pieces > bundle.piece,
        })
      } catch (error) {
        if (!(error instanceof ContractError) || error.errorName !== 'NotSigned') throw error
        const isStillNext = (await readDataSet(reader, { set: rail.set })).pieces === bundle.piece
        if (isStillNext && !(await isSigned(bundle))) return 'void'
        throw error
      }
      return 'added'
    },
  }
}

const bundleOf = ({ rail, piece, root, leaves, signature }: SignedBundle) => ({
  rail,
  piece,
  root: toHex(root),
  leaves: BigInt(leaves),
  signature: toHex(signature),
})

const lower = (address: Hex): Hex => address.toLowerCase() as Hex
