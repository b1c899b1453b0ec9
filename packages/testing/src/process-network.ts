import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Deployment, parseDeployment } from '@cairn/chain'
import { type NetworkId, parseNetworkId } from '@cairn/protocol'
import { isPortOpen } from '@cairn/runtime'
import { type CairnProcess, startCairn } from './cairn-process.ts'

/** The services of a network of processes, in the order in which they start. */
export const serviceNames = ['chain', 'ingest', 'verifier-1', 'verifier-2', 'verifier-3', 'watcher'] as const

export type ServiceName = (typeof serviceNames)[number]

/** A local network of which every service is an operating-system process of its own. */
export interface ProcessNetwork {
  readonly home: string
  readonly rpcUrl: string
  readonly network: NetworkId
  readonly deployment: Deployment
  urlOf(name: ServiceName): string
  /** Ends it with SIGKILL and returns when it is gone and its port is closed; for the chain that is the native program, and what supervises it ends by itself. */
  kill(name: ServiceName): Promise<void>
  /** Starts it again after {@link kill}. */
  restart(name: ServiceName): Promise<void>
  /** Stops all, the chain last. */
  stop(): Promise<void>
}

export interface ProcessNetworkOptions {
  readonly home: string
  /** Further arguments of `cairn chain run`. */
  readonly chain?: readonly string[]
}

/** How long a killed process may hold its port, in ms. */
const portPatienceMs = 5_000

/** Starts the chain with a network on it, an ingest, three verifiers and a watcher. */
export async function startProcessNetwork(options: ProcessNetworkOptions): Promise<ProcessNetwork> {
  const { home } = options
  const running = new Map<ServiceName, CairnProcess>()
  const chainArgs = ['chain', 'run', '--free-ports', ...(options.chain ?? [])]
  const chain = await startCairn({ home, name: 'chain', args: chainArgs })
  running.set('chain', chain)
  const ports = portsOf(chain.ready.ports as LocalPorts)
  const begin = async (name: ServiceName) => {
    const args = name === 'chain' ? chainArgs : argumentsOf(name, ports[name])
    running.set(name, await startCairn({ home, name, args }))
  }
  const stop = async () => {
    for (const name of serviceNames.toReversed()) await running.get(name)?.stop()
  }
  try {
    await Promise.all(serviceNames.filter((name) => name !== 'chain').map(begin))
    const file = JSON.parse(await readFile(join(home, 'networks', 'local.json'), 'utf8'))
    return {
      home,
      rpcUrl: file.rpcUrl,
      network: parseNetworkId(file.network),
      deployment: parseDeployment(file.deployment),
      urlOf: (name) => `http://127.0.0.1:${ports[name]}`,
      async kill(name) {
        const killed = running.get(name)!
        if (name === 'chain') {
          process.kill(killed.ready.pid as number, 'SIGKILL')
          await untilClosed(name, ports[name])
          await killed.exited
        } else {
          await killed.kill()
          await untilClosed(name, ports[name])
        }
        running.delete(name)
      },
      restart: begin,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

interface LocalPorts {
  readonly chain: number
  readonly ingest: number
  readonly verifiers: readonly number[]
  readonly watcher: number
}

function portsOf({ chain, ingest, verifiers, watcher }: LocalPorts): Record<ServiceName, number> {
  const [first, second, third] = verifiers as [number, number, number]
  return { chain, ingest, 'verifier-1': first, 'verifier-2': second, 'verifier-3': third, watcher }
}

function argumentsOf(name: ServiceName, port: number): string[] {
  const command = name.startsWith('verifier') ? 'verifier' : name
  return [command, 'run', '--account', name, '--port', `${port}`]
}

async function untilClosed(name: ServiceName, port: number): Promise<void> {
  const until = performance.now() + portPatienceMs
  while (await isPortOpen(port)) {
    if (performance.now() > until)
      throw new Error(`${name} was killed, and port ${port} still accepts connections.`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
