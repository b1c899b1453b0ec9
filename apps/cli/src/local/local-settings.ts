import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, isMissing, isPortFree, writeAtomic } from '@cairn/runtime'

/** Where the parts of the local network listen, all on the loopback interface. Chosen once, since URLs are announced on chain. */
export interface LocalPorts {
  readonly chain: number
  readonly ingest: number
  readonly verifiers: readonly [number, number, number]
  readonly watcher: number
  /** UDP, for packet forwarders. */
  readonly gateways: number
}

/** The usual ports; a taken one is replaced by a free one when the network is made. */
const USUAL = {
  chain: 8545,
  ingest: 8650,
  verifiers: [8651, 8652, 8653],
  watcher: 8655,
  gateways: 1700,
} as const

export function localFolder(home: string): string {
  return join(home, 'local')
}

const settingsPath = (home: string) => join(localFolder(home), 'ports.json')

/** The ports of the local network in this home; undefined before it was made. */
export async function readLocalPorts(home: string): Promise<LocalPorts | undefined> {
  try {
    return JSON.parse(await readFile(settingsPath(home), 'utf8')) as LocalPorts
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** @param free whether to take free ports only, so that several networks can run on one machine */
export async function chooseLocalPorts(home: string, free: boolean): Promise<LocalPorts> {
  const [first, second, third] = USUAL.verifiers
  const taken = new Set<number>()
  const choose = async (usual: number) => {
    let port = !free && (await isPortFree(usual)) ? usual : await freePort()
    while (taken.has(port)) port = await freePort()
    taken.add(port)
    return port
  }
  const ports: LocalPorts = {
    chain: await choose(USUAL.chain),
    ingest: await choose(USUAL.ingest),
    verifiers: [await choose(first), await choose(second), await choose(third)],
    watcher: await choose(USUAL.watcher),
    gateways: free ? await freePort() : USUAL.gateways,
  }
  await writeAtomic(settingsPath(home), `${JSON.stringify(ports, null, 2)}\n`)
  return ports
}
