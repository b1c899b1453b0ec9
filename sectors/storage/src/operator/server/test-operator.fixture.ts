import { randomBytes } from 'node:crypto'
import { type Hex, type NetworkId, parseNetworkId } from '@cairn/protocol'
import { createVerifyP256, type DeviceSigner, sha256, systemClock } from '@cairn/runtime'
import { createOperatorClient, type OperatorClient } from '../../operator-client/create-operator-client.ts'
import { createOrderSource } from '../../operator-client/create-order-source.ts'
import { recoverSigner, type testCustomer } from '../../wire/customer.fixture.ts'
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

/** A network and a contract that no chain has. */
export const testContext = {
  chainId: 31_337,
  verifyingContract: `0x${'c0'.repeat(20)}`,
  network: parseNetworkId(`0x${'0d'.repeat(28)}`),
} as const

/** An operator's server whose customer has a rail to it, pays nothing for reads, and is believed whatever it brings. */
export const startTrustingOperator = (
  folder: string,
  device: number,
  signer: DeviceSigner,
  customer: Hex,
): Promise<TestOperator> =>
  startTestOperator({
    ...testContext,
    ...{ folder, device, signer },
    chain: {
      findRail: async () => ({ rail: BigInt(device), payer: customer, egressPrice: 0n }),
      findRepair: async () => undefined,
      verifyVoucher: async () => undefined,
      signMeter: async (voucher) => voucher,
      verifyBundle: async () => undefined,
      submitBundle: () => undefined,
    },
    nowSeconds: () => Math.floor(Date.now() / 1_000),
    allowanceBytes: 2 ** 40,
  })

/** A client of an operator with a customer's orders. */
export function testOperatorClient(
  { url }: Pick<TestOperator, 'url'>,
  device: number,
  key: DeviceSigner['key'],
  { address, sign }: ReturnType<typeof testCustomer>,
): OperatorClient {
  const nowSeconds = () => Math.floor(Date.now() / 1_000)
  const orders = createOrderSource({
    ...{ context: testContext, customer: address, device, sign, nowSeconds },
    ...{ maxBytes: 2 ** 30, seconds: 3_600, random: (count) => new Uint8Array(randomBytes(count)) },
  })
  const { network } = testContext
  return createOperatorClient({ url, network, device, key, orders, verifyP256: createVerifyP256(), sha256 })
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
