import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type FollowedNetwork, followNetwork, parseDeployment } from '@cairn/chain'
import { type NetworkId, parseNetworkId, type Sector } from '@cairn/protocol'
import { createClient, http } from 'viem'

/** The network of a home, read from its chain. */
export async function openLocalNetwork(home: string) {
  const text = await readFile(join(home, 'networks', 'local.json'), 'utf8')
  const file = JSON.parse(text) as { rpcUrl: string; network: unknown; deployment: unknown }
  const network: NetworkId = parseNetworkId(file.network)
  const deployment = parseDeployment(file.deployment)
  const client = createClient({ transport: http(file.rpcUrl) })
  const followed = followNetwork({ client, deployment, network })
  await followed.sync()
  return { rpcUrl: file.rpcUrl, network, deployment, client, followed }
}

export type LocalNetwork = Awaited<ReturnType<typeof openLocalNetwork>>

/** The rules in force, as the ruleset on the chain says. */
export function rulesOf({ history }: FollowedNetwork): {
  sector: string
  unitBytes: number
  maxCopies: number
  carryEpochs: number
} {
  const document = history.rulesetAt(2 ** 32 - 1)?.document ?? new Uint8Array()
  const { sector, params, carryEpochs } = JSON.parse(new TextDecoder().decode(document)) as {
    sector: Sector['id']
    params: { unitBytes: number; maxCopies: number }
    carryEpochs: number
  }
  return { sector, unitBytes: params.unitBytes, maxCopies: params.maxCopies, carryEpochs }
}
