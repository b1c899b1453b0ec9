import { join } from 'node:path'
import {
  type Call,
  type ChainReader,
  ContractError,
  createSubmitter,
  type Deployment,
  type FollowedDisputes,
  followDisputes,
  followNetwork,
  type NetworkHistory,
  type Submitter,
  TransactionFailedError,
} from '@cairn/chain'
import type { Hex, NetworkId } from '@cairn/protocol'
import type { Clock, Logger } from '@cairn/runtime'
import type { Executor, Means } from '@cairn/settlement'
import type { Client, LocalAccount } from 'viem'
import { chainView } from '../chain-view.ts'
import type { FetchBytes } from '../fetch-evidence.ts'
import { httpFetch } from '../http-fetch.ts'
import { createRecomputer, type Recomputer } from '../recomputer.ts'
import { fileStateStore, type StateStore } from '../state-file.ts'
import { createEvidenceMirror, type EvidenceMirror } from './evidence-mirror.ts'
import { createSettledRoots, type SettledRoots } from './settled-roots.ts'

/** What a service that recomputes roots is given. */
export interface SessionOptions {
  readonly client: Client
  readonly deployment: Deployment
  readonly network: NetworkId
  readonly account: LocalAccount
  /** Sectors and cryptography. */
  readonly means: Means
  /** Threads to settle in. Default: the calling one. */
  readonly executor?: Executor
  /** One service at a time. Files are under `<dataDir>/<network>`. */
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Logger
  /** Base URLs to ask for segments, beside those announced on chain. */
  readonly sources?: readonly string[]
  /** The account's only sender, where others send with it, too. */
  readonly submitter?: Submitter
  readonly fetchBytes?: FetchBytes
  /** Where the service itself serves, so that it does not ask itself. */
  readonly self?: string
  /** Told of every transaction. */
  readonly onSent?: (name: string, result: SendResult) => void
}

/** How sending ended: in a block, needless, or refused by a contract. */
export type SendResult = 'mined' | 'settled' | 'refused'

/** A network followed, mirrored and recomputed. */
export interface NetworkSession {
  readonly network: NetworkId
  readonly deployment: Deployment
  readonly reader: ChainReader
  readonly history: NetworkHistory
  readonly disputes: FollowedDisputes['disputes']
  /** Who sends, in lower case: the account, or the pool it acts for. */
  readonly me: Hex
  readonly evidence: EvidenceMirror
  readonly recomputer: Recomputer
  readonly states: StateStore
  readonly roots: SettledRoots
  readonly log: Logger
  /** Time of the newest block that was read, Unix seconds; 0 before the first. */
  readonly now: number
  /** Its number. */
  readonly block: number
  /** How often the chain took blocks back: what was concluded before may not hold any more. */
  readonly rollbacks: number
  /** Reads the chain up to its head. Returns the head's time (Unix seconds) and number. */
  sync(): Promise<{ readonly now: number; readonly block: number }>
  /** Sends a call; what a contract refuses is logged and no error, for the next step looks again. */
  send(call: Call, settled?: () => Promise<boolean>): Promise<SendResult>
  /** Ends whatever waits for the chain. */
  close(): void
}

/** Makes a session that has read nothing yet. */
export function createNetworkSession(options: SessionOptions): NetworkSession {
  const { client, deployment, network, account, clock, log, means, executor } = options
  const folder = join(options.dataDir, network)
  const reader: ChainReader = { client, deployment }
  const followed = followNetwork({ client, deployment, network })
  const disputed = followDisputes({ client, deployment, network })
  const submitter = options.submitter ?? createSubmitter({ client, account, clock })
  const evidence = createEvidenceMirror({
    network,
    history: followed.history,
    dataDir: folder,
    fetchBytes: options.fetchBytes ?? httpFetch(),
    sha256: means.sha256,
    sources: options.sources ?? [],
    self: options.self,
    log,
  })
  const states = fileStateStore(join(folder, 'states'))
  const recomputer = createRecomputer({
    view: chainView(followed.history, reader),
    means,
    reportsOf: ({ slot }) => evidence.reportsOf(followed.history.slots.list[slot]!),
    states,
    ...(executor === undefined ? {} : { executor }),
  })
  const roots = createSettledRoots(recomputer)
  const stopping = new AbortController()
  let newest = { now: 0, block: 0 }
  let rollbacks = 0

  return {
    network,
    deployment,
    reader,
    history: followed.history,
    disputes: disputed.disputes,
    me: submitter.address.toLowerCase() as Hex,
    evidence,
    recomputer,
    states,
    roots,
    log,
    get now() {
      return newest.now
    },
    get rollbacks() {
      return rollbacks
    },
    get block() {
      return newest.block
    },
    async sync() {
      const { head, headTimestamp, rolledBackTo } = await followed.sync()
      await disputed.sync()
      if (rolledBackTo !== undefined) {
        log.info({ block: rolledBackTo }, 'the chain took blocks back; read again from there')
        roots.clear()
        rollbacks += 1
      }
      newest = { now: headTimestamp, block: head }
      return newest
    },
    async send(call, settled) {
      const result = await send(submitter, call, { settled, log, signal: stopping.signal })
      options.onSent?.(call.name, result)
      return result
    },
    close: () => stopping.abort(new Error('The service is stopping.')),
  }
}

async function send(
  submitter: Submitter,
  call: Call,
  {
    settled,
    log,
    signal,
  }: { settled?: (() => Promise<boolean>) | undefined; log: Logger; signal: AbortSignal },
): Promise<SendResult> {
  try {
    const { status } = await submitter.submit(call, { signal, ...(settled === undefined ? {} : { settled }) })
    if (status === 'mined') log.info({ call: call.name }, 'sent')
    return status
  } catch (error) {
    if (error instanceof ContractError) {
      log.info({ call: call.name, error: error.errorName, args: error.args }, 'the contract refuses it')
      return 'refused'
    }
    if (error instanceof TransactionFailedError) return 'refused'
    throw error
  }
}
