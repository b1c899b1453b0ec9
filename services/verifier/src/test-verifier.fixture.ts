import { join } from 'node:path'
import { createLogger, manualClock } from '@cairn/runtime'
import { template } from '@cairn/sector-template'
import { type ContractChain, type ContractNetwork, testMeans } from '@cairn/testing'
import type { VerifierOptions } from './create-verifier.ts'

/** What `createVerifier` takes for the account at that place: quiet, on a clock that stands, with evidence from where the network serves it. */
export function verifierOptions(
  local: ContractChain,
  net: ContractNetwork,
  {
    index,
    folder,
    name = `${index}`,
  }: { readonly index: number; readonly folder: string; readonly name?: string },
): VerifierOptions {
  const { client, deployment } = local
  return {
    client,
    deployment,
    network: net.network,
    account: local.account(index),
    submitter: local.submitter(index),
    means: testMeans(template),
    dataDir: join(folder, name),
    clock: manualClock(),
    log: createLogger({ name: 'test', level: process.env.CAIRN_TEST_LOG === '1' ? 'debug' : 'silent' }),
    fetchBytes: net.fetchBytes,
    sources: ['http://mirror'],
    http: { host: '127.0.0.1', port: 0 },
  }
}
