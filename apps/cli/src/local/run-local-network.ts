import { join } from 'node:path'
import type { Sector } from '@cairn/protocol'
import { createLifecycle, type Lifecycle, type Logger, systemClock } from '@cairn/runtime'
import { submitterFor } from '../account.ts'
import { claimRewards } from '../claim-rewards.ts'
import type { Cli } from '../command.ts'
import { connect, type OpenNetwork, openNetwork, openRecomputer } from '../open-network.ts'
import { tokens } from '../output/amounts.ts'
import { loraGateways } from '../services/lora-gateways.ts'
import { prepareAgent } from '../services/run-agent.ts'
import { prepareIngest } from '../services/run-ingest.ts'
import { prepareVerifier } from '../services/run-verifier.ts'
import { prepareWatcher } from '../services/run-watcher.ts'
import { fileLogger } from '../services/service-log.ts'
import { keepBonds } from './keep-bonds.ts'
import { createFeedKeeper } from './keep-feed.ts'
import { type LocalRole, localAccount, localPrivateKey } from './local-accounts.ts'
import { type LocalPorts, localFolder } from './local-settings.ts'
import { narrate } from './narrate.ts'
import { simulatedNames, startLocalChain } from './start-local-chain.ts'

export interface LocalNetworkSettings {
  readonly sector: Sector
  readonly gateways: number
  readonly uplinksPerSecond: number
  readonly seed: number
  readonly claims: boolean
  readonly freePorts: boolean
}

/** A running local network. */
export interface LocalNetwork {
  readonly open: OpenNetwork
  readonly ports: LocalPorts
  readonly lifecycle: Lifecycle
}

const HOST = '127.0.0.1'

/** Everything of a network in this process: what `cairn up` runs. */
export async function runLocalNetwork(cli: Cli, settings: LocalNetworkSettings): Promise<LocalNetwork> {
  const { home, output } = cli
  const { sector, gateways, seed, freePorts } = settings
  const logOf = (name: string) => fileLogger(name, join(localFolder(home), 'logs', `${name}.log`))
  const lifecycle = createLifecycle({ log: logOf('network') })
  const local = { ...cli, networkName: 'local' }
  const devices = await simulatedNames(sector, gateways, seed)
  const { ports } = await lifecycle.start('chain', async () => {
    const value = await startLocalChain({
      home,
      sector,
      devices,
      freePorts,
      log: logOf('chain'),
      say: output.note,
    })
    lifecycle.watch(
      'chain',
      value.chain.exited.then(() => Promise.reject(new Error('the local chain ended'))),
    )
    return { value, stop: () => value.chain.stop() }
  })
  await keepBonds(await openNetwork(local), ports, lifecycle.signal)
  await startIngest(lifecycle, local, { role: 'ingest', port: ports.ingest, log: logOf('ingest') })
  for (const [place, role] of (['verifier-1', 'verifier-2', 'verifier-3'] as const).entries()) {
    await startVerifier(lifecycle, local, { role, port: ports.verifiers[place]!, log: logOf(role) })
  }
  await startWatcher(lifecycle, local, { port: ports.watcher, log: logOf('watcher') })
  await startAgent(lifecycle, local, { ports, log: logOf('agent') })
  if (gateways > 0) await startHardware(lifecycle, settings, { ports, log: logOf('gateways') })
  const open = await openNetwork(local)
  startNarrator(lifecycle, local, { open, ports }, settings)
  return { open, ports, lifecycle }
}

async function startIngest(
  lifecycle: Lifecycle,
  cli: Cli,
  { role, port, log }: { role: LocalRole; port: number; log: Logger },
): Promise<void> {
  await lifecycle.start(role, async () => {
    const account = localAccount(role)
    const open = await openNetwork(cli)
    const privateKey = localPrivateKey(role)
    const ingest = await prepareIngest(open, {
      account,
      privateKey,
      dataDir: join(localFolder(cli.home), role),
      http: { host: HOST, port },
      log,
    })
    await ingest.start()
    lifecycle.watch(role, ingest.done)
    return { value: ingest, stop: () => ingest.stop() }
  })
}

async function startVerifier(
  lifecycle: Lifecycle,
  cli: Cli,
  { role, port, log }: { role: LocalRole; port: number; log: Logger },
): Promise<void> {
  await lifecycle.start(role, async () => {
    const verifier = prepareVerifier(cli, await connect(cli), {
      account: localAccount(role),
      dataDir: join(localFolder(cli.home), role),
      http: { host: HOST, port },
      log,
    })
    await verifier.start()
    return { value: verifier, stop: () => verifier.stop() }
  })
}

async function startWatcher(
  lifecycle: Lifecycle,
  cli: Cli,
  { port, log }: { port: number; log: Logger },
): Promise<void> {
  await lifecycle.start('watcher', async () => {
    const watcher = prepareWatcher(cli, await connect(cli), {
      account: localAccount('watcher'),
      privateKey: localPrivateKey('watcher'),
      dataDir: join(localFolder(cli.home), 'watcher'),
      http: { host: HOST, port },
      log,
      challenges: true,
    })
    await watcher.start()
    return { value: watcher, stop: () => watcher.stop() }
  })
}

async function startAgent(
  lifecycle: Lifecycle,
  cli: Cli,
  { ports, log }: { ports: LocalPorts; log: Logger },
): Promise<void> {
  await lifecycle.start('agent', async () => {
    const open = await openNetwork(cli)
    const agent = await prepareAgent(cli, open, {
      dataDir: join(localFolder(cli.home), 'agent'),
      log,
      settings: (names) => ({
        host: HOST,
        port: ports.gateways,
        gateways: loraGateways(names, log),
      }),
      watchers: [`http://${HOST}:${ports.watcher}`],
      reportIntervalMs: 2000,
    })
    await agent.start()
    lifecycle.watch('agent', agent.done)
    return { value: agent, stop: () => agent.stop() }
  })
}

async function startHardware(
  lifecycle: Lifecycle,
  settings: LocalNetworkSettings,
  { ports, log }: { ports: LocalPorts; log: Logger },
): Promise<void> {
  const simulate = await settings.sector.facets.hardware?.()
  if (simulate === undefined) return
  await lifecycle.start('simulated gateways', async () => {
    const hardware = simulate({
      count: settings.gateways,
      seed: settings.seed,
      uplinksPerSecond: settings.uplinksPerSecond,
      serverHost: HOST,
      serverPort: ports.gateways,
      clock: systemClock(),
      onError: (err) => log.warn({ err }, 'simulated gateway'),
    })
    await hardware.start()
    return { value: hardware, stop: () => hardware.stop() }
  })
}

/** Prints what happens on chain, and claims for the simulated gateways whenever a root is final. */
function startNarrator(
  lifecycle: Lifecycle,
  cli: Cli,
  { open: first, ports }: Pick<LocalNetwork, 'open' | 'ports'>,
  { claims }: LocalNetworkSettings,
): void {
  const run = async () => {
    const clock = systemClock()
    let since = first.followed.position
    const open = await openNetwork(cli, (events) => {
      for (const event of events) {
        const text = event.blockNumber > since ? narrate(event) : undefined
        if (text !== undefined) cli.output.note(text)
      }
    })
    since = Math.max(since, open.followed.position)
    const submitter = submitterFor(open.client, localAccount('operator'))
    const recomputer = openRecomputer(open, cli, { cached: true })
    const feed = createFeedKeeper(open, lifecycle.signal)
    let claimed: string | undefined
    while (!lifecycle.signal.aborted) {
      await open.followed.sync()
      for (const role of await keepBonds(open, ports, lifecycle.signal))
        cli.output.note(`${role} has made its bond whole again`)
      if (await feed.keep()) cli.output.note('the founder has said the price of a token again')
      const final = open.followed.history.roots.standing.findLast(({ state }) => state === 'final')
      if (claims && final !== undefined && final.rootId !== claimed) {
        const done = await claimRewards(open, {
          devices: undefined,
          recomputer,
          submitter,
          signal: lifecycle.signal,
        })
        claimed = final.rootId
        if (done !== undefined && done.devices.length > 0)
          cli.output.note(`claimed ${tokens(done.paid)} for ${done.devices.length} simulated gateways`)
      }
      await clock.sleep(500, lifecycle.signal).catch(() => undefined)
    }
  }
  const task = run().catch((error) => {
    if (!lifecycle.signal.aborted) cli.output.error(error)
  })
  lifecycle.watch('narrator', task)
}
