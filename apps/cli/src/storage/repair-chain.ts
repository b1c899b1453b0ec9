import {
  type Call,
  completeRepair,
  copyPieces,
  failRepair,
  loseRail,
  readDataSet,
  readRail,
  readRailAccountOf,
  readRailCount,
  readStorageOfferOf,
  type Submitter,
  succeedRail,
} from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import type { LocalAccount } from 'viem'
import { followCustomerRails, type StorageNetwork, signerOf } from './customer-rails.ts'
import type { FollowedRails } from './follow-rails.ts'
import { refusalOf } from './refusal-of.ts'
import { createSigningCustomer } from './signing-customer.ts'
import { readStandingPiece } from './standing-piece.ts'
import type { CustomerRail, LostRail, RepairChain } from './storage-seam.ts'

/** Which device repairs, and who acts for it: its owner, or the delegate of its offer. */
export interface RepairChainOptions {
  readonly device: number
  readonly account: LocalAccount
  readonly submitter: Submitter
  readonly rails: FollowedRails
  readonly signal?: AbortSignal
}

/** Pieces that one call copies at most. */
const PIECES_A_CALL = 128
const LEAF_BYTES = 32

/** What an operator that repairs asks, on a chain. */
export function createRepairChain(open: StorageNetwork, options: RepairChainOptions): RepairChain {
  const { device, account, submitter, rails, signal } = options
  const { client, deployment } = open
  const { network } = open.file
  const signing = createSigningCustomer(open, network, account)
  const sending = signal === undefined ? {} : { signal }
  const isPossible = async (call: Call) => (await refusalOf(client, call, account.address)) === undefined
  /** Rails that are closed, or of another network: they stay so. */
  const closed = new Set<bigint>()
  const customers = new Map<Hex, () => Promise<readonly CustomerRail[]>>()
  const rootsOf = new Map<bigint, readonly Uint8Array[]>()

  const lookAt = async (id: bigint): Promise<LostRail[]> => {
    const rail = await readRail(open, { rail: id })
    if (rail.state === 'closed' || rail.network !== network) closed.add(id)
    if (closed.has(id) || rail.state === 'repairing' || rail.device === device) return []
    if (rail.state !== 'lost') {
      const { isLost } = await readRailAccountOf(open, { rail: id })
      if (!isLost || !(await isPossible(loseRail(deployment, { rail: id })))) return []
      await submitter.submit(loseRail(deployment, { rail: id }), sending)
    }
    if (!(await isPossible(succeedRail(deployment, { lost: id, device })))) return []
    const { leaves } = await readDataSet(open, { set: rail.set })
    return leaves === 0n ? [] : [{ rail: id, signer: signerOf(rail), bytes: Number(leaves) * LEAF_BYTES }]
  }
  /** What stood when the rail was lost stays as it is. */
  const readRoots = async (lost: bigint, set: bigint): Promise<readonly Uint8Array[]> => {
    const known = rootsOf.get(lost)
    if (known !== undefined) return known
    const { pieces } = await readDataSet(open, { set })
    const roots: Uint8Array[] = []
    for (let piece = 0; piece < pieces; piece++) {
      const found = await readStandingPiece(open, set, piece)
      if (found !== undefined) roots.push(found.root)
    }
    rootsOf.set(lost, roots)
    return roots
  }
  const piecesOf = async (rail: bigint): Promise<number> =>
    (await readDataSet(open, { set: (await readRail(open, { rail })).set })).pieces

  return {
    ...signing,
    async findLost() {
      const found: LostRail[] = []
      const count = await readRailCount(open)
      for (let id = 0n; id < count; id++) if (!closed.has(id)) found.push(...(await lookAt(id)))
      return found
    },
    async readRepair() {
      const own = (await rails.read(0)).find(({ state }) => state === 'repairing')
      if (own?.lost === undefined) return undefined
      const lost: bigint[] = []
      for (let id: bigint | undefined = own.lost; id !== undefined; ) {
        lost.push(id)
        ;({ lost: id } = await readRail(open, { rail: id }))
      }
      const first = await readRail(open, { rail: own.lost })
      const { period } = await readRailAccountOf(open, { rail: own.id })
      return {
        ...{ rail: own.id, lost, signer: signerOf(own) },
        roots: await readRoots(own.lost, first.set),
        isCopied: own.copied === (await piecesOf(own.lost)),
        isOver: period > own.repairUntil,
      }
    },
    async readRailsOf(signer) {
      const read = customers.get(signer) ?? followCustomerRails(open, signer)
      customers.set(signer, read)
      const others = (await read()).filter((rail) => rail.device !== device && rail.offer !== undefined)
      return Promise.all(
        others.map(async (rail) => {
          const { egressPrice } = await readStorageOfferOf(open, { network, device: rail.device })
          return { ...rail, payer: signing.customer, egressPrice }
        }),
      )
    },
    async succeed(lost) {
      await submitter.submit(succeedRail(deployment, { lost, device }), sending)
    },
    async copyPieces(rail) {
      const count = await piecesOf((await readRail(open, { rail })).lost!)
      while ((await readRail(open, { rail })).copied < count)
        await submitter.submit(copyPieces(deployment, { rail, most: PIECES_A_CALL }), sending)
    },
    async complete(rail) {
      const call = completeRepair(deployment, { rail })
      if (!(await isPossible(call))) return false
      await submitter.submit(call, sending)
      return true
    },
    async giveUp(rail) {
      await submitter.submit(failRepair(deployment, { rail }), sending)
    },
  }
}
