import { join } from 'node:path'
import { type ChainReader, type FollowedNetwork, followNetwork, type HistoryEvent } from '@cairn/chain'
import { BaseError } from '@cairn/protocol'
import {
  chainView,
  createRecomputer,
  fetchEvidence,
  fileStateStore,
  httpFetch,
  memoryStateStore,
  type Recomputer,
} from '@cairn/recompute'
import { fileObjectStore, sha256 } from '@cairn/runtime'
import type { Executor } from '@cairn/settlement'
import { type Client, createClient, http } from 'viem'
import { getBlock, getChainId } from 'viem/actions'
import type { Cli } from './command.ts'
import { type NetworkFile, readNetworkFile } from './network-file.ts'
import { nodeMeans } from './services/node-means.ts'

/** A network, connected to and read up to its head. */
export interface OpenNetwork extends ChainReader {
  readonly file: NetworkFile
  readonly client: Client
  readonly followed: FollowedNetwork
  /** Block time of the head, Unix seconds. */
  readonly now: number
}

/** A network's file and its chain, which answers; nothing read yet. */
export async function connect({
  home,
  networkName,
}: Pick<Cli, 'home' | 'networkName'>): Promise<Pick<OpenNetwork, 'file' | 'client' | 'deployment'>> {
  const file = await readNetworkFile(home, networkName)
  const client = createClient({ transport: http(file.rpcUrl, { retryCount: 2 }) })
  await requireChain(client, file)
  return { file, client, deployment: file.deployment }
}

/** @throws what reading the file and the chain throw */
export async function openNetwork(
  { home, networkName }: Pick<Cli, 'home' | 'networkName'>,
  onEvents?: (events: readonly HistoryEvent[]) => void,
): Promise<OpenNetwork> {
  const { file, client, deployment } = await connect({ home, networkName })
  const { network } = file
  const followed = followNetwork({
    client,
    deployment,
    network,
    ...(onEvents === undefined ? {} : { onEvents }),
  })
  await followed.sync()
  const { timestamp } = await getBlock(client, { blockTag: 'latest' })
  return { file, client, deployment, followed, now: Number(timestamp) }
}

/** How {@link openRecomputer} works. */
export interface RecomputeOptions {
  /** Keep and use states of earlier runs. An audit does not. */
  readonly cached: boolean
  readonly segmentsFolder?: string
  readonly sources?: readonly string[]
  /** Ask no source: use what is in the folder. */
  readonly offline?: boolean
  readonly executor?: Executor
}

/** A recomputer over the network's evidence: from sources announced on chain, those of the network file, and given ones. */
export function openRecomputer(
  { file, deployment, client, followed }: OpenNetwork,
  { home, sectors }: Cli,
  options: RecomputeOptions,
): Recomputer {
  const { history } = followed
  const folder = options.segmentsFolder ?? join(home, 'evidence', file.name)
  const { stakes, slots } = history
  // Those who committed evidence, though they may have been slashed since, and everybody who may have a copy.
  const ingests = [...new Set(slots.list.map(({ ingest }) => ingest))]
  const announced = [
    ...ingests.flatMap((ingest) => stakes.urlOf('ingest', ingest) ?? []),
    ...[...stakes.endpoints('ingest'), ...stakes.endpoints('verifier')].map(({ url }) => url),
  ]
  const sources = {
    network: file.network,
    urls: options.offline ? [] : [...new Set([...(options.sources ?? []), ...file.sources, ...announced])],
    fetchBytes: httpFetch(),
    segments: fileObjectStore(join(folder, 'segments')),
    manifests: fileObjectStore(join(folder, 'manifests')),
    sha256,
  }
  return createRecomputer({
    view: chainView(history, { client, deployment }),
    means: nodeMeans(sectors),
    reportsOf: (slot) => fetchEvidence(slot, sources),
    states: options.cached ? fileStateStore(join(home, 'states', file.name)) : memoryStateStore(),
    ...(options.executor === undefined ? {} : { executor: options.executor }),
  })
}

/** The chain does not answer, or is another one; codes `chain_unreachable`, `wrong_chain`. */
export class ChainError extends BaseError {}

async function requireChain(client: Client, { name, rpcUrl, deployment }: NetworkFile): Promise<void> {
  const chainId = await getChainId(client).catch((cause: unknown) => {
    throw new ChainError({
      code: 'chain_unreachable',
      field: 'rpcUrl',
      value: rpcUrl,
      message: `The chain of network "${name}" does not answer at ${rpcUrl}.`,
      fix:
        name === 'local'
          ? 'Start it with `cairn up`, in another terminal.'
          : "Check the connection, or put another endpoint into the network's file.",
      cause,
    })
  })
  if (chainId === deployment.chainId) return
  throw new ChainError({
    code: 'wrong_chain',
    field: 'rpcUrl',
    value: rpcUrl,
    message: `The endpoint ${rpcUrl} is on chain ${chainId}; network "${name}" is on chain ${deployment.chainId}.`,
    fix: "Put an endpoint of the right chain into the network's file.",
  })
}
