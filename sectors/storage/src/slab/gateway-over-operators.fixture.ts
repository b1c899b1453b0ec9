import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Hex } from '@cairn/protocol'
import { systemClock } from '@cairn/runtime'
import type { ErasureCode } from '../erasure/erasure-code.ts'
import { startS3Gateway } from '../gateway/s3-gateway.ts'
import { testClient, testGatewayOptions } from '../gateway/test-gateway-options.fixture.ts'
import { createByteBudget } from './byte-budget.ts'
import { createNetworkContentStore } from './network-content-store.ts'
import { createOperatorHealth } from './operator-health.ts'
import { openSlabIndex } from './slab-index.ts'
import { createSlabReader } from './slab-reader.ts'
import { createSlabWriter } from './slab-writer.ts'
import type { OperatorDirectory } from './storage-operator.ts'

export interface OverOperatorsOptions {
  readonly folder: string
  readonly directory: OperatorDirectory
  readonly customer: Hex
  /** One code for every size: with a narrower one, more of its holders than it can lose may be among those that a test stops. */
  readonly code: ErasureCode
}

/** An S3 gateway whose contents are with operators, and a client of it. */
export async function startOverOperators({ folder, directory, customer, code }: OverOperatorsOptions) {
  const clock = systemClock()
  const health = createOperatorHealth(clock.now)
  const index = openSlabIndex(join(folder, 'slabs'))
  const options = testGatewayOptions(folder, () => undefined)
  const writer = createSlabWriter({
    directory,
    health,
    budget: createByteBudget(64 * 2 ** 20),
    clock,
    customer,
    rules: { rowsPerOperator: 1 },
    code,
    random: randomBytes,
    onStray: (slab, row, device) => index.addDeletions([{ slab, row, device }]),
  })
  const content = createNetworkContentStore({
    index,
    writer,
    reader: createSlabReader({ directory, health, clock, onLostRow: () => undefined }),
    directory,
    rootKey: options.rootKey,
    random: randomBytes,
    onError: () => undefined,
  })
  const gateway = await startS3Gateway({ ...options, content })
  const stop = async () => {
    await gateway.stop()
    await content.settled()
    index.close()
  }
  return { content, client: testClient(gateway.url), stop }
}
