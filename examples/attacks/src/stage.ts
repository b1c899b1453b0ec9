import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex, SimulatedHardware } from '@cairn/protocol'
import { freePort, systemClock } from '@cairn/runtime'
import { wireless } from '@cairn/sector-wireless'
import { runCairn } from '@cairn/testing'
import { createTroupe, type Troupe } from './troupe.ts'
import { networkFileOf, type WatchedChain, watchChain } from './watch-chain.ts'

/** Who plays, and who lies. */
export interface Cast {
  /** `--fault` of verifier-1, verifier-2 and verifier-3; undefined is honest. */
  readonly verifiers: readonly (string | undefined)[]
  /** `--fault` of the ingest that the agent asks first; an honest one stands beside it then. */
  readonly ingest?: string
  /** Whether anybody watches. */
  readonly watcher: boolean
}

/** A local network whose every part is an operating-system process of its own. */
export interface Stage {
  readonly chain: WatchedChain
  /** Undefined where nobody watches. */
  readonly watcher: Hex | undefined
  /** Another verifier, an honest one, posts a bond and begins to verify. Returns its account. */
  joinVerifier(): Promise<Hex>
  /** Holds a process up, as a machine that is busy would, or lets it go on. */
  signal(name: string, what: 'hold' | 'go'): void
  /** Runs a command as somebody who has nothing but the network's file, and returns what it printed. */
  ask<T>(...args: string[]): Promise<T>
  /** Ends all processes. @param keep whether their files and logs stay */
  stop(keep: boolean): Promise<void>
}

/** Short, but long enough that processes on two busy cores move in time. */
const TIMELINE = ['--epoch', '8', '--seal', '6', '--challenge', '12', '--response', '7']
const GATEWAYS = 4
const HOST = '127.0.0.1'

interface Ports {
  readonly ingest: number
  readonly verifiers: readonly number[]
  readonly watcher: number
  readonly gateways: number
}

/** Starts chain, ingests, verifiers, watcher, agent and simulated gateways. */
export async function setStage(cast: Cast, say: (text: string) => void): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-attack-'))
  const home = join(folder, 'network')
  const asker = join(folder, 'asker')
  const troupe = createTroupe()
  let hardware: SimulatedHardware | undefined
  const stop = async () => {
    await hardware?.stop()
    await troupe.stop()
  }
  try {
    const gateways = ['--gateways', `${GATEWAYS}`]
    const args = ['chain', 'run', '--free-ports', ...gateways, ...TIMELINE]
    const ports = (await troupe.begin('chain', { home, args })).ready.ports as Ports
    const sources = [ports.ingest, ...ports.verifiers].map((port) => `http://${HOST}:${port}`)
    await moveOut(home, asker, sources)
    const watcher = await beginServices(troupe, cast, { folder, home, ports, sources })
    await beginAgent(troupe, home, { ports, isWatched: cast.watcher })
    hardware = await startGateways(ports.gateways)
    say(`${troupe.size} processes run, beside ${GATEWAYS} simulated gateways`)
    return {
      chain: await watchChain(home, () => troupe.ended[0], say),
      watcher,
      joinVerifier: () => joinAs(troupe, home, { command: 'verifier', account: 'verifier-4' }),
      signal: troupe.signal,
      ask: (...args) => ask(asker, args),
      async stop(keep) {
        await stop()
        if (!keep) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Places {
  readonly folder: string
  readonly home: string
  readonly ports: Ports
  readonly sources: readonly string[]
}

/** Returns the watcher's account. */
async function beginServices(
  troupe: Troupe,
  cast: Cast,
  { folder, home, ports, sources }: Places,
): Promise<Hex | undefined> {
  const verifiers = cast.verifiers.map((fault, i) =>
    begin(troupe, home, {
      command: 'verifier',
      account: `verifier-${i + 1}`,
      port: ports.verifiers[i]!,
      fault,
    }),
  )
  const ingests = [
    begin(troupe, home, { command: 'ingest', account: 'ingest', port: ports.ingest, fault: cast.ingest }),
    ...(cast.ingest === undefined ? [] : [joinAs(troupe, home, { command: 'ingest', account: 'ingest-2' })]),
  ]
  const watch = async () => {
    // It shares no disk with the others: all it has is where the chain and the segments are.
    const watcherHome = join(folder, 'watcher')
    await moveOut(home, watcherHome, sources)
    return begin(troupe, watcherHome, { command: 'watcher', account: 'watcher', port: ports.watcher })
  }
  const [watcher] = await Promise.all([cast.watcher ? watch() : undefined, ...verifiers, ...ingests])
  return watcher
}

interface Service {
  readonly command: 'ingest' | 'verifier' | 'watcher'
  /** One of the local network's roles. */
  readonly account: string
  readonly port: number
  readonly fault?: string | undefined
}

/** Starts the released service, with a fault or without. Returns its account. */
async function begin(troupe: Troupe, home: string, { command, account, port, fault }: Service): Promise<Hex> {
  const places = ['--port', `${port}`, '--data', join(home, account)]
  const args = [command, 'run', '--account', account, ...places]
  const { ready } = await troupe.begin(
    account,
    fault === undefined
      ? { home, args }
      : { home, args: [...args, '--fault', fault], env: { CAIRN_ALLOW_FAULTS: '1' } },
  )
  return ready.account as Hex
}

/** Posts a bond for an honest service, and starts it. */
async function joinAs(troupe: Troupe, home: string, service: Omit<Service, 'port'>): Promise<Hex> {
  const { command, account } = service
  const port = await freePort()
  const url = `http://${HOST}:${port}`
  const args = ['stake', 'deposit', command, '1000', '--url', url, '--account', account]
  const { exitCode, stderr } = await runCairn({ home, args })
  if (exitCode !== 0) throw new Error(`${account} could not post a bond: ${stderr}`)
  return begin(troupe, home, { ...service, port })
}

async function beginAgent(
  troupe: Troupe,
  home: string,
  { ports, isWatched }: { ports: Ports; isWatched: boolean },
): Promise<void> {
  const toWatcher = isWatched ? ['--watcher', `http://${HOST}:${ports.watcher}`] : []
  const args = ['agent', 'run', '--port', `${ports.gateways}`, '--interval', '1000', ...toWatcher]
  await troupe.begin('agent', { home, args })
}

async function ask<T>(home: string, args: readonly string[]): Promise<T> {
  const { value, stderr } = await runCairn<T>({ home, args })
  if (value === undefined) throw new Error(`cairn ${args.join(' ')} said nothing but: ${stderr}`)
  return value
}

/** Makes another home that has nothing but the network's file. */
async function moveOut(home: string, other: string, sources: readonly string[]): Promise<void> {
  const file = JSON.parse(await readFile(networkFileOf(home), 'utf8')) as object
  await mkdir(join(other, 'networks'), { recursive: true })
  await writeFile(networkFileOf(other), JSON.stringify({ ...file, sources }))
}

async function startGateways(port: number): Promise<SimulatedHardware> {
  const simulate = await wireless.facets.hardware!()
  const hardware = simulate({
    count: GATEWAYS,
    seed: 1,
    uplinksPerSecond: 3,
    serverHost: HOST,
    serverPort: port,
    clock: systemClock(),
    onError: () => undefined,
  })
  await hardware.start()
  return hardware
}
