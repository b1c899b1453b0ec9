import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CairnProcess, startCairn } from '@cairn/testing/cairn-process'

/** A local network, each of its services an operating-system process of its own. */
export interface RunningNetwork {
  readonly home: string
  readonly rpcUrl: string
  /** UDP port of the agent's packet-forwarder server. */
  readonly gatewayPort: number
  readonly processes: readonly CairnProcess[]
  stop(): Promise<void>
}

interface Ports {
  readonly ingest: number
  readonly verifiers: readonly number[]
  readonly watcher: number
  readonly gateways: number
}

/** Makes a network with a device for each name, and starts chain, ingest, three verifiers, watcher and agent on it. */
export async function startNetwork(
  home: string,
  devices: readonly string[],
  say: (text: string) => void,
): Promise<RunningNetwork> {
  const processes: CairnProcess[] = []
  const stop = async () => {
    // The chain last: the others say goodbye to it.
    const [chain, ...services] = processes
    await Promise.all(services.map((service) => service.stop()))
    await chain?.stop()
  }
  const start = async (name: string, ...args: string[]) => {
    const started = await startCairn({ home, name, args, readyWithinMs: 120_000 })
    processes.push(started)
    return started
  }
  try {
    const names = join(home, 'gateways.json')
    await writeFile(names, JSON.stringify(devices))
    const chain = await start('chain', 'chain', 'run', '--devices-file', names, '--free-ports')
    const ports = chain.ready.ports as Ports
    say(`chain runs, ${devices.length} gateways are onboarded`)
    await Promise.all([
      start('ingest', 'ingest', 'run', '--port', `${ports.ingest}`),
      ...ports.verifiers.map((port, i) => {
        const name = `verifier-${i + 1}`
        return start(name, 'verifier', 'run', '--account', name, '--port', `${port}`)
      }),
      start('watcher', 'watcher', 'run', '--port', `${ports.watcher}`),
    ])
    const watcher = `http://127.0.0.1:${ports.watcher}`
    await start(
      'agent',
      ...['agent', 'run', '--port', `${ports.gateways}`, '--watcher', watcher, '--interval', '2000'],
    )
    say('ingest, three verifiers, watcher and agent run as processes of their own')
    return { home, rpcUrl: chain.ready.rpcUrl as string, gatewayPort: ports.gateways, processes, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
