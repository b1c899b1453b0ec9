import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Deployment, parseDeployment } from '@cairn/chain'
import { BaseError, type NetworkId, parseNetworkId } from '@cairn/protocol'
import { isMissing, writeAtomic } from '@cairn/runtime'

/** How to reach a network. Nothing in it is secret. */
export interface NetworkFile {
  readonly name: string
  readonly rpcUrl: string
  readonly network: NetworkId
  readonly deployment: Deployment
  /** Sources of segments beside those announced on chain. */
  readonly sources: readonly string[]
}

/** There is no such network here, or its file does not parse. */
export class NetworkFileError extends BaseError {}

export function networkPath(home: string, name: string): string {
  return join(home, 'networks', `${name}.json`)
}

export async function writeNetworkFile(home: string, file: NetworkFile): Promise<void> {
  await writeAtomic(networkPath(home, file.name), `${JSON.stringify(file, null, 2)}\n`)
}

/** @throws NetworkFileError `unknown_network` or `malformed_network_file` */
export async function readNetworkFile(home: string, name: string): Promise<NetworkFile> {
  const path = networkPath(home, name)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) throw await unknownNetwork(home, name)
    throw error
  }
  try {
    const { rpcUrl, network, deployment, sources } = JSON.parse(text) as Record<string, unknown>
    if (typeof rpcUrl !== 'string' || !URL.canParse(rpcUrl))
      throw new Error(`rpcUrl is ${JSON.stringify(rpcUrl)}, not a URL`)
    const urls = Array.isArray(sources) ? sources.filter((url): url is string => typeof url === 'string') : []
    return {
      name,
      rpcUrl,
      network: parseNetworkId(network),
      deployment: parseDeployment(deployment),
      sources: urls,
    }
  } catch (cause) {
    throw new NetworkFileError({
      code: 'malformed_network_file',
      message: `The file of network "${name}" at ${path} can not be read: ${cause instanceof Error ? cause.message.split('\n')[0] : cause}.`,
      fix: 'Create the network again, or copy its file from somebody who runs it.',
      cause,
    })
  }
}

async function unknownNetwork(home: string, name: string): Promise<NetworkFileError> {
  const known = await readdir(join(home, 'networks')).catch(() => [])
  const names = known.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length))
  return new NetworkFileError({
    code: 'unknown_network',
    field: 'network',
    value: name,
    message: `No network "${name}" is known in ${home}${names.length === 0 ? '' : `; known: ${names.join(', ')}`}.`,
    fix:
      name === 'local'
        ? 'Start one with `cairn up`, in another terminal, or name another home with --home.'
        : 'Create it with `cairn network create`, or copy its file to networks/ in this home.',
  })
}
