import { concatBytes, fromHex, keccak256 } from '@cairn/protocol'
import { type Logger, systemClock } from '@cairn/runtime'
import type { Executor } from '@cairn/settlement'
import { createWatcher, type Watcher } from '@cairn/watcher'
import type { Hex, LocalAccount } from 'viem'
import type { Cli } from '../command.ts'
import type { OpenNetwork } from '../open-network.ts'
import { nodeMeans } from './node-means.ts'

export interface RunWatcherOptions {
  readonly account: LocalAccount
  /** Its private key: what hides announced challenges follows from it, so that it is the same after a restart. */
  readonly privateKey: Hex
  readonly dataDir: string
  readonly http: { readonly host: string; readonly port: number }
  readonly log: Logger
  readonly challenges: boolean
  readonly executor?: Executor
}

/** A watcher on a network. */
export function prepareWatcher(
  { sectors }: Pick<Cli, 'sectors'>,
  { file, client, deployment }: Pick<OpenNetwork, 'file' | 'client' | 'deployment'>,
  { privateKey, ...options }: RunWatcherOptions,
): Watcher {
  return createWatcher({
    client,
    deployment,
    network: file.network,
    means: nodeMeans(sectors),
    clock: systemClock(),
    sources: file.sources,
    secret: watcherSecret(privateKey),
    ...options,
  })
}

/** What hides the challenges that an account announces: who does not have its key can not guess it. */
export function watcherSecret(privateKey: Hex): Uint8Array {
  return keccak256(concatBytes(new TextEncoder().encode('cairn/watcher/1'), fromHex(privateKey)))
}
