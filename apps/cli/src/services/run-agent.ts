import { type Agent, createAgent } from '@cairn/agent'
import { recoverReceiptSigner } from '@cairn/chain'
import { BaseError, type DriverFactory } from '@cairn/protocol'
import { type Logger, systemClock } from '@cairn/runtime'
import type { Cli } from '../command.ts'
import { deviceFolder, devicePassphrase } from '../device-folder.ts'
import { findDevices } from '../find-devices.ts'
import type { OpenNetwork } from '../open-network.ts'

export interface RunAgentOptions {
  readonly dataDir: string
  readonly log: Logger
  /** The driver's settings, given the devices' names. */
  readonly settings: (names: readonly string[]) => unknown
  readonly watchers: readonly string[]
  readonly reportIntervalMs: number
}

/** An agent that can not run as asked for; codes `no_devices`, `no_ingest`, `no_driver`. */
export class AgentHostError extends BaseError {}

/** An agent for every device whose key is in this home, with the driver of the network's sector. */
export async function prepareAgent(
  cli: Pick<Cli, 'home' | 'env' | 'networkName' | 'sectors'>,
  open: OpenNetwork,
  options: RunAgentOptions,
): Promise<Agent> {
  const { history } = open.followed
  const { devices, strangers } = await findDevices(history, deviceFolder(cli), devicePassphrase(cli))
  for (const name of strangers)
    options.log.warn({ name }, 'this key is not onboarded; run `cairn device onboard` with its name')
  if (devices.length === 0) throw noDevices(deviceFolder(cli))
  const ingests = history.stakes.endpoints('ingest').map(({ holder, url }) => ({ url, address: holder }))
  if (ingests.length === 0) throw noIngest()
  const driver = await driverOf(cli, open)
  const settings = options.settings(devices.map(({ name }) => name))
  const { timeline } = history
  return createAgent({
    network: open.file.network,
    timeline: { genesisMs: Number(timeline.genesis) * 1000, epochMs: timeline.epochSeconds * 1000 },
    devices,
    driver: (host) => driver({ ...host, settings }),
    ingests,
    watchers: options.watchers,
    dataDir: options.dataDir,
    clock: systemClock(),
    log: options.log,
    fetch: globalThis.fetch,
    random: Math.random,
    recoverSigner: (group, signature) => recoverReceiptSigner(open.deployment, { group, signature }),
    reportIntervalMs: options.reportIntervalMs,
  })
}

async function driverOf(
  { sectors }: Pick<Cli, 'sectors'>,
  { followed }: OpenNetwork,
): Promise<DriverFactory> {
  const ruleset = followed.history.rulesetAt(2 ** 32 - 1)
  const { sector: id } = JSON.parse(new TextDecoder().decode(ruleset?.document)) as { sector: string }
  const driver = await sectors.get(id)?.facets.agent?.()
  if (driver !== undefined) return driver
  throw new AgentHostError({
    code: 'no_driver',
    message: `The network's sector "${id}" has no driver in this release.`,
    fix: 'Update to a release that has one.',
  })
}

function noDevices(folder: string): AgentHostError {
  return new AgentHostError({
    code: 'no_devices',
    message: `No key in ${folder} belongs to a device of this network.`,
    fix: 'Onboard one with `cairn device onboard <name>`.',
  })
}

function noIngest(): AgentHostError {
  return new AgentHostError({
    code: 'no_ingest',
    message: 'No ingest of this network has announced where it takes reports.',
    fix: 'Wait until one has: `cairn stake show` lists them.',
  })
}
