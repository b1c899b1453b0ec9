import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { NetworkId } from '@cairn/protocol'
import type { Clock, DeviceSigner, Logger } from '@cairn/runtime'
import { openEgressBook } from '../customer/open-egress-book.ts'
import { openBundleQueue } from './agreement/open-bundle-queue.ts'
import { type CashierStatus, createCashier } from './cashier/create-cashier.ts'
import type { Problem } from './problem-book.ts'
import { createProver } from './prover/create-prover.ts'
import { createRepairer, type RepairStatus } from './repair/create-repairer.ts'
import type { RepairChain } from './repair/repair-chain.ts'
import { createCheckOrder } from './server/check-order.ts'
import { createOperatorApi } from './server/create-operator-api.ts'
import { openAccounts } from './server/open-accounts.ts'
import { startOperatorServer } from './server/start-operator-server.ts'
import { createTokenBucket } from './server/token-bucket.ts'
import type { StorageChain } from './storage-chain.ts'
import { openRowStore } from './store/open-row-store.ts'

/** How an operator keeps and serves. */
export interface OperatorSettings {
  readonly dataFolder: string
  /** Bytes that rows may take. */
  readonly capacityBytes: number
  readonly host: string
  readonly port: number
  /** Between turns with the chain, ms. */
  readonly pollMs: number
  /** How long a row is kept that is in no bundle, seconds. */
  readonly keptSeconds: number
  /** Bytes that a payer may have read without acknowledging them. */
  readonly allowanceBytes: number
  /** What is worth a transaction to be paid, credits. */
  readonly leastPayCredits: bigint
  /** Between looks at what there is to be paid, ms. */
  readonly payEveryMs: number
  /** No limit where it is left out. */
  readonly bytesPerSecond?: number
}

/** Who an operator is, and what it works with. */
export interface OperatorHost {
  readonly network: NetworkId
  readonly device: number
  readonly signer: DeviceSigner
  readonly chain: StorageChain
  readonly settings: OperatorSettings
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** To make lost rails again; `everyMs` is between two looks for them. */
  readonly repair?: { readonly chain: RepairChain; readonly everyMs: number }
}

/** How an operator gets on. Sets are named by their number. */
export interface OperatorStatus {
  readonly rows: number
  readonly rowBytes: number
  readonly freeBytes: number
  /** Bundles kept, and of them those that are not on chain yet. */
  readonly bundles: number
  readonly waitingBundles: number
  readonly sets: number
  readonly proofs: number
  readonly faults: number
  readonly lastProven: Readonly<Record<string, number>>
  readonly problems: Readonly<Record<string, Problem>>
  /** Credits, as decimal text: read and not acknowledged, acknowledged and not redeemed, earned and not settled, and what was had since the start. */
  readonly pay: {
    readonly owed: string
    readonly acknowledged: string
    readonly due: string
    readonly redeemed: string
    readonly settled: string
    /** What keeps from being paid now, by payer or `rail …`. */
    readonly problems: Readonly<Record<string, Problem>>
  }
  /** Undefined where it repairs nothing. */
  readonly repair: RepairStatus | undefined
}

/** An operator that runs. */
export interface RunningOperator {
  readonly url: string
  status(): Promise<OperatorStatus>
  /** Lets requests and the turn under way end, and closes the store. */
  stop(): Promise<void>
}

/** Opens the rows in a folder, serves them, brings agreed bundles to the chain, proves what is under proof, and has the operator paid. @throws FolderInUseError, AddressNotAvailableError */
export async function createOperator(host: OperatorHost): Promise<RunningOperator> {
  const { network, device, signer, chain, settings, clock, log } = host
  const { dataFolder, capacityBytes, pollMs, bytesPerSecond } = settings
  const nowSeconds = () => Math.floor(clock.now() / 1_000)
  const store = await openRowStore({ folder: dataFolder, capacityBytes })
  if (store.unreadableBytes > 0)
    log.warn({ bytes: store.unreadableBytes }, 'volumes are damaged: rows were lost there; check the disk')
  const accounts = openAccounts(dataFolder)
  const queue = await openBundleQueue({ folder: join(dataFolder, 'agreed'), store, chain, log })
  const prover = createProver({ store, chain, clock, log, pollMs })
  const cashier = createCashier({ accounts, chain, leastCredits: settings.leastPayCredits, log })
  const book = openEgressBook(dataFolder)
  const random = (count: number) => new Uint8Array(randomBytes(count))
  const { keptSeconds } = settings
  const repairer =
    host.repair && createRepairer({ ...host.repair, ...{ store, book, clock, log, random, keptSeconds } })
  const api = createOperatorApi({
    network,
    device,
    signer,
    store,
    accounts,
    chain: { ...chain, verifyBundle: queue.verify, submitBundle: queue.keep },
    checkOrder: createCheckOrder({ context: chain.context, device, recover: chain.recover, nowSeconds }),
    nowSeconds,
    keptSeconds: settings.keptSeconds,
    allowanceBytes: settings.allowanceBytes,
    ingress: createTokenBucket(bytesPerSecond, clock),
    egress: createTokenBucket(bytesPerSecond, clock),
  })
  const close = async () => {
    book.close()
    accounts.close()
    await store.close()
  }
  const { host: address, port } = settings
  const server = await startOperatorServer({ api, host: address, port, log }).catch(async (error) => {
    await close()
    throw error
  })
  const stopping = new AbortController()
  const repeat = async (everyMs: number, turn: () => Promise<void>) => {
    while (!stopping.signal.aborted) {
      await turn().catch((error) => log.error({ err: error }, 'the chain or the store did not answer'))
      await clock.sleep(everyMs, stopping.signal).catch(() => {})
    }
  }
  // Apart from each other: being paid waits for blocks, and must not hold up a proof.
  const turning = Promise.all([
    repeat(pollMs, async () => {
      await queue.step()
      await prover.step()
      accounts.forget(nowSeconds())
    }),
    repeat(settings.payEveryMs, cashier.step),
    ...(repairer === undefined ? [] : [repeat(pollMs, () => repairer.step(stopping.signal))]),
  ])
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${server.port}`,
    async status() {
      const { rows, rowBytes, freeBytes } = await store.usage()
      const { lastProven, problems, ...counts } = prover.status()
      return {
        rows,
        rowBytes,
        freeBytes,
        bundles: store.bundles().length,
        waitingBundles: queue.waiting().length,
        ...counts,
        lastProven: Object.fromEntries([...lastProven].map(([set, period]) => [String(set), period])),
        problems: Object.fromEntries([...problems].map(([set, problem]) => [String(set), problem])),
        pay: payOf(cashier.status()),
        repair: repairer?.status(),
      }
    },
    async stop() {
      stopping.abort()
      await server.stop()
      await turning
      await close()
    },
  }
}

const payOf = (status: CashierStatus): OperatorStatus['pay'] => ({
  owed: `${status.owedCredits}`,
  acknowledged: `${status.acknowledgedCredits}`,
  due: `${status.dueCredits}`,
  redeemed: `${status.redeemedCredits}`,
  settled: `${status.settledCredits}`,
  problems: Object.fromEntries(status.problems),
})
