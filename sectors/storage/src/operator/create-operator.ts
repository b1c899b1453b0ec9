import { join } from 'node:path'
import type { NetworkId } from '@cairn/protocol'
import type { Clock, DeviceSigner, Logger } from '@cairn/runtime'
import { openBundleQueue } from './agreement/open-bundle-queue.ts'
import { createProver } from './prover/create-prover.ts'
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
  readonly problems: Readonly<Record<string, { readonly code: string; readonly message: string }>>
}

/** An operator that runs. */
export interface RunningOperator {
  readonly url: string
  status(): Promise<OperatorStatus>
  /** Lets requests and the turn under way end, and closes the store. */
  stop(): Promise<void>
}

/** Opens the rows in a folder, serves them, brings agreed bundles to the chain and proves what is under proof. @throws FolderInUseError, AddressNotAvailableError */
export async function createOperator(host: OperatorHost): Promise<RunningOperator> {
  const { network, device, signer, chain, settings, clock, log } = host
  const { dataFolder, capacityBytes, pollMs, bytesPerSecond } = settings
  const nowSeconds = () => Math.floor(clock.now() / 1_000)
  const store = await openRowStore({ folder: dataFolder, capacityBytes })
  const accounts = openAccounts(dataFolder)
  const queue = await openBundleQueue({ folder: join(dataFolder, 'agreed'), store, chain, log })
  const prover = createProver({ store, chain, clock, log, pollMs })
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
    accounts.close()
    await store.close()
  }
  const { host: address, port } = settings
  const server = await startOperatorServer({ api, host: address, port, log }).catch(async (error) => {
    await close()
    throw error
  })
  const stopping = new AbortController()
  const turns = async () => {
    while (!stopping.signal.aborted) {
      await queue.step()
      await prover.step().catch((error) => log.error({ err: error }, 'the chain or the store did not answer'))
      accounts.forget(nowSeconds())
      await clock.sleep(pollMs, stopping.signal).catch(() => {})
    }
  }
  const turning = turns()
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
