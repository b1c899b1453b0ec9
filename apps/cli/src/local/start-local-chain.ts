import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LOCAL_MNEMONIC, readNetworkExists } from '@cairn/chain'
import type { Sector, SimulatedHardwareFactory } from '@cairn/protocol'
import { type LocalChain, type Logger, startAnvil } from '@cairn/runtime'
import { createClient, http } from 'viem'
import { networkPath, readNetworkFile } from '../network-file.ts'
import { createLocalNetwork, type LocalTimeline } from './create-local-network.ts'
import { localRoles } from './local-accounts.ts'
import { chooseLocalPorts, type LocalPorts, localFolder, readLocalPorts } from './local-settings.ts'

const BLOCK_SECONDS = 1

export interface LocalChainOptions {
  readonly home: string
  readonly sector: Sector
  /** Simulated devices to onboard when the network is made. */
  readonly devices: readonly string[]
  /** Take free ports only, so that several networks can run on one machine. */
  readonly freePorts: boolean
  /** For when the network is made. */
  readonly timeline?: LocalTimeline
  readonly log: Logger
  readonly say: (text: string) => void
}

export interface StartedLocalChain {
  readonly chain: LocalChain
  readonly ports: LocalPorts
}

/** Starts the local chain where it was left, or makes it: contracts, a network, bonds, devices. */
export async function startLocalChain({
  home,
  sector,
  devices,
  freePorts,
  timeline,
  log,
  say,
}: LocalChainOptions): Promise<StartedLocalChain> {
  const ports = (await readLocalPorts(home)) ?? (await chooseLocalPorts(home, freePorts))
  const chain = await startAnvil({
    port: ports.chain,
    stateFile: join(localFolder(home), 'chain.json'),
    accounts: localRoles.length,
    mnemonic: LOCAL_MNEMONIC,
    log,
  })
  try {
    if (await isThere(home)) say('the local network goes on where it was')
    else {
      await rm(join(home, 'devices', 'local'), { recursive: true, force: true })
      await createLocalNetwork({ home, rpcUrl: chain.url, ports, sector, devices, timeline, say })
      await chain.save()
    }
    // Only now: while it was made, every transaction had a block of its own at once.
    await createClient({ transport: http(chain.url) }).request({
      method: 'evm_setIntervalMining',
      params: [BLOCK_SECONDS],
    } as never)
    return { chain, ports }
  } catch (error) {
    await chain.stop()
    throw error
  }
}

/** Whether the network of this home's file is on the chain that runs: it may be gone with the chain's state. */
async function isThere(home: string): Promise<boolean> {
  try {
    const { rpcUrl, network, deployment } = await readNetworkFile(home, 'local')
    const client = createClient({ transport: http(rpcUrl) })
    return await readNetworkExists({ client, deployment }, { network })
  } catch {
    await rm(networkPath(home, 'local'), { force: true })
    return false
  }
}

/** Forgets the local network: chain, evidence, keys of simulated devices. */
export async function resetLocalNetwork(home: string): Promise<void> {
  for (const folder of [
    localFolder(home),
    join(home, 'devices', 'local'),
    join(home, 'states', 'local'),
    join(home, 'evidence', 'local'),
  ]) {
    await rm(folder, { recursive: true, force: true })
  }
  await rm(networkPath(home, 'local'), { force: true })
}

/** Names the simulated devices of a sector would have: the same seed always gives the same. */
export async function simulatedNames(
  sector: Sector,
  count: number,
  seed: number,
): Promise<readonly string[]> {
  const factory: SimulatedHardwareFactory | undefined = await sector.facets.hardware?.()
  if (factory === undefined) return []
  const clock = { now: () => 0, sleep: async () => undefined }
  return factory({
    count,
    seed,
    uplinksPerSecond: 1,
    serverHost: '127.0.0.1',
    serverPort: 0,
    clock,
    onError: () => undefined,
  }).ids
}
