import type { NetworkId } from '@cairn/protocol'
import { type DeviceSigner, systemClock } from '@cairn/runtime'
import { recoverSigner } from '../../wire/customer.fixture.ts'
import { openRowStore, type RowStore } from '../store/open-row-store.ts'
import { createCheckOrder } from './check-order.ts'
import { createOperatorApi } from './create-operator-api.ts'
import { type Accounts, openAccounts } from './open-accounts.ts'
import type { OperatorChain } from './operator-chain.ts'
import { startOperatorServer } from './start-operator-server.ts'
import { createTokenBucket } from './token-bucket.ts'

export interface TestOperatorOptions {
  readonly folder: string
  readonly network: NetworkId
  readonly device: number
  readonly signer: DeviceSigner
  readonly chainId: number
  readonly verifyingContract: `0x${string}`
  readonly chain: OperatorChain
  readonly nowSeconds: () => number
  readonly allowanceBytes: number
}

export interface TestOperator {
  readonly url: string
  readonly store: RowStore
  readonly accounts: Accounts
  stop(): Promise<void>
}

/** An operator's server over a row store on the disk; the chain is what the test says. */
export async function startTestOperator(options: TestOperatorOptions): Promise<TestOperator> {
  const { folder, network, device, signer, chainId, verifyingContract, chain, nowSeconds } = options
  const store = await openRowStore({ folder, capacityBytes: 2 ** 28 })
  const accounts = openAccounts(folder)
  const context = { chainId, verifyingContract, network }
  const api = createOperatorApi({
    network,
    device,
    signer,
    store,
    accounts,
    chain,
    checkOrder: createCheckOrder({ context, device, recover: recoverSigner, nowSeconds }),
    nowSeconds,
    keptSeconds: 1_000,
    allowanceBytes: options.allowanceBytes,
    ingress: createTokenBucket(undefined, systemClock()),
    egress: createTokenBucket(undefined, systemClock()),
  })
  const log = { error: () => {}, warn: () => {} }
  const server = await startOperatorServer({ api, host: '127.0.0.1', port: 0, log, headersTimeoutMs: 100 })
  return {
    url: `http://127.0.0.1:${server.port}`,
    store,
    accounts,
    async stop() {
      await server.stop(100)
      await store.close()
      accounts.close()
    },
  }
}
