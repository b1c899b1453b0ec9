import { createSubmitter, throughPool } from '@cairn/chain'
import { type Logger, systemClock } from '@cairn/runtime'
import type { Executor, VerifierFault } from '@cairn/settlement'
import { createVerifier, type Verifier } from '@cairn/verifier'
import type { Address, LocalAccount } from 'viem'
import type { Cli } from '../command.ts'
import type { OpenNetwork } from '../open-network.ts'
import { nodeMeans } from './node-means.ts'

export interface RunVerifierOptions {
  readonly account: LocalAccount
  /** A delegation pool that the account operates, and verifies for. */
  readonly pool?: Address | undefined
  readonly dataDir: string
  readonly http: { readonly host: string; readonly port: number }
  readonly log: Logger
  readonly executor?: Executor
  readonly fault?: VerifierFault | undefined
}

/** A verifier on a network. */
export function prepareVerifier(
  { sectors }: Pick<Cli, 'sectors'>,
  { file, client, deployment }: Pick<OpenNetwork, 'file' | 'client' | 'deployment'>,
  options: RunVerifierOptions,
): Verifier {
  const { account, pool, dataDir, http, log, executor, fault } = options
  const clock = systemClock()
  return createVerifier({
    client,
    deployment,
    network: file.network,
    account,
    means: nodeMeans(sectors),
    dataDir,
    http,
    clock,
    log,
    self: `http://${http.host}:${http.port}`,
    sources: file.sources,
    ...(pool === undefined
      ? {}
      : { submitter: throughPool(createSubmitter({ client, account, clock }), { deployment, pool }) }),
    ...(executor === undefined ? {} : { executor }),
    ...(fault === undefined ? {} : { fault }),
  })
}
