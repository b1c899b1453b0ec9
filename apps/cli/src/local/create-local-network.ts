import { randomBytes } from 'node:crypto'
import { createDeviceKey, openDevice } from '@cairn/agent'
import {
  announce,
  approve,
  type CreatedNetwork,
  changeOwner,
  createGovernor,
  createNetwork,
  type Deployment,
  deploySingletons,
  deposit,
  leastExitSeconds,
  type Role,
  readTokenOf,
  registerDevice,
  type Submitter,
  type VotingRules,
} from '@cairn/chain'
import {
  fromHex,
  type NetworkId,
  onboardDigestInput,
  type Sector,
  serializeRuleset,
  toHex,
} from '@cairn/protocol'

import { type Client, createClient, http, parseEther } from 'viem'
import { getBlock } from 'viem/actions'
import { submitterFor } from '../account.ts'
import { deviceFolder, devicePassphrase } from '../device-folder.ts'
import { writeNetworkFile } from '../network-file.ts'
import { type LocalRole, localAccount, localRoles } from './local-accounts.ts'
import type { LocalPorts } from './local-settings.ts'
import { rentDisks } from './rent-disks.ts'
import { sellCredits } from './sell-credits.ts'

/** Seconds: short enough to watch, long enough for services on a busy laptop. */
export const LOCAL_TIMELINE = {
  epochSeconds: 12,
  sealSeconds: 6,
  availabilitySeconds: 4,
  attestSeconds: 12,
  challengeSeconds: 10,
  responseSeconds: 6,
  queueSeconds: 2,
  exitSeconds: 90,
} as const

/** Seconds: a proposal is in force half a minute after it was made. */
const LOCAL_VOTING: VotingRules = {
  delaySeconds: 2,
  periodSeconds: 20,
  lateQuorumSeconds: 5,
  timelockSeconds: 2,
  proposalThreshold: parseEther('100'),
  quorumBps: 2_000,
  leastQuorum: parseEther('100'),
}

/** What of the local timeline can be chosen. */
export type LocalTimeline = {
  readonly [name in
    | 'epochSeconds'
    | 'sealSeconds'
    | 'availabilitySeconds'
    | 'attestSeconds'
    | 'challengeSeconds'
    | 'responseSeconds']?: number
}

/** Between deploying and the first epoch: bonds and devices that are there by then count from the first epoch on. */
const SECONDS_TO_GENESIS = 8
/** On a slow machine; each is a transaction with a block of its own. */
const SECONDS_PER_DEVICE = 0.03

const BONDS = {
  ingestBond: parseEther('1000'),
  verifierBond: parseEther('1000'),
  challengeBond: parseEther('10'),
}

export interface LocalNetworkOptions {
  readonly home: string
  readonly rpcUrl: string
  readonly ports: LocalPorts
  readonly sector: Sector
  /** Names of the simulated devices to onboard. */
  readonly devices: readonly string[]
  /** Instead of {@link LOCAL_TIMELINE}. */
  readonly timeline?: LocalTimeline | undefined
  readonly say: (text: string) => void
}

/** Deploys the contracts, creates a network, bonds its ingest and verifiers, onboards its simulated devices, and writes its file. */
export async function createLocalNetwork(options: LocalNetworkOptions): Promise<NetworkId> {
  const { home, rpcUrl, ports, sector, devices, timeline, say } = options
  const client = createClient({ transport: http(rpcUrl) })
  const founder = submitterFor(client, localAccount('founder'))
  const deployment = await deploySingletons(founder)
  say(`contracts deployed at block ${deployment.block}`)
  const { network, token } = await foundNetwork(client, deployment, founder, { sector, timeline, devices })
  say(`network ${network} created`)
  const base = (port: number) => `http://127.0.0.1:${port}`
  const services: [LocalRole, Role, string][] = [
    ['ingest', 'ingest', base(ports.ingest)],
    ['verifier-1', 'verifier', base(ports.verifiers[0])],
    ['verifier-2', 'verifier', base(ports.verifiers[1])],
    ['verifier-3', 'verifier', base(ports.verifiers[2])],
  ]
  await Promise.all([
    handToVote(founder, deployment, { network, token }),
    ...services.map(([holder, role, url]) =>
      joinAs(client, deployment, { network, holder, role, url, amount: bondOf(role) }),
    ),
  ])
  say('ingest and verifiers have posted their bonds')
  await onboard(client, deployment, { network, home, devices })
  say(`${devices.length} simulated devices onboarded`)
  await writeNetworkFile(home, { name: 'local', rpcUrl, network, deployment, sources: [] })
  return network
}

async function foundNetwork(
  client: Client,
  deployment: Deployment,
  founder: Submitter,
  { sector, timeline = {}, devices }: Pick<LocalNetworkOptions, 'sector' | 'timeline' | 'devices'>,
): Promise<Pick<CreatedNetwork, 'network' | 'token'>> {
  const { timestamp } = await getBlock(client, { blockTag: 'latest' })
  const programs = sector.defaultPrograms.map(({ name, weightBps }) => ({ name, weightBps }))
  const ruleset = serializeRuleset({
    sector: sector.id,
    version: sector.version,
    programs,
    params: JSON.parse(JSON.stringify(sector.defaultParams)),
    carryEpochs: 8,
  })
  const { network, token } = await createNetwork(
    { deployment, submitter: founder },
    {
      name: 'Local',
      timeline: {
        genesis: timestamp + BigInt(SECONDS_TO_GENESIS + Math.floor(devices.length * SECONDS_PER_DEVICE)),
        ...withExit({ ...LOCAL_TIMELINE, ...timeline }),
      },
      token: {
        name: 'Local Cairn',
        symbol: 'LCRN',
        allocations: localRoles.map((role) => ({
          to: localAccount(role).address,
          amount: parseEther('10000'),
        })),
      },
      // Until credits are sold; then it is handed to the vote.
      owner: { address: founder.address },
      emission: { kind: 'halving', perEpoch: parseEther('100'), halvingEpochs: 1_000_000, maxHalvings: 8 },
      ...BONDS,
      reportsPerEpoch: 100_000,
      verifierShareBps: 500,
      ruleset,
      salt: toHex(randomBytes(32)),
    },
  )
  await sellCredits(founder, deployment, { network })
  await rentDisks(founder, deployment, network)
  return { network, token }
}

async function handToVote(
  founder: Submitter,
  deployment: Deployment,
  { network, token }: Pick<CreatedNetwork, 'network' | 'token'>,
): Promise<void> {
  const { timelock } = await createGovernor(founder, { token, rules: LOCAL_VOTING })
  await founder.submit(changeOwner(deployment, { network, owner: timelock }))
}

function withExit<T extends { readonly [name in keyof typeof LOCAL_TIMELINE]: number }>(timeline: T): T {
  return { ...timeline, exitSeconds: Math.max(timeline.exitSeconds, leastExitSeconds(timeline)) }
}

/** The whole bond of a local service. */
export function bondOf(role: Role): bigint {
  return role === 'ingest' ? BONDS.ingestBond : BONDS.verifierBond
}

interface JoinOptions {
  readonly network: NetworkId
  readonly holder: LocalRole
  readonly role: Role
  /** Where it serves. */
  readonly url: string
  /** What it adds to its bond. */
  readonly amount: bigint
  readonly signal?: AbortSignal
}

/** Posts the least bond of a role for one of the local accounts, and announces where it serves. */
export async function joinAs(
  client: Client,
  deployment: Deployment,
  { network, holder, role, url, amount, signal }: JoinOptions,
): Promise<void> {
  const submitter = submitterFor(client, localAccount(holder))
  const options = signal === undefined ? {} : { signal }
  const token = await readTokenOf({ client, deployment }, { network })
  await submitter.submit(approve({ token, spender: deployment.addresses.stake, amount }), options)
  await submitter.submit(deposit(deployment, { network, role, amount }), options)
  await submitter.submit(announce(deployment, { network, role, url }), options)
}

async function onboard(
  client: Client,
  deployment: Deployment,
  { network, home, devices }: { network: NetworkId; home: string; devices: readonly string[] },
): Promise<void> {
  const operator = submitterFor(client, localAccount('operator'))
  const local = { home, networkName: 'local', env: {} }
  const folder = deviceFolder(local)
  const passphrase = devicePassphrase(local)
  const registrations = await Promise.all(
    devices.map(async (name) => {
      await createDeviceKey({ folder, name, passphrase, cost: 1 << 10 })
      const { signer } = await openDevice({ folder, name, passphrase, index: 0 })
      const signature = signer.sign(onboardDigestInput(network, fromHex(operator.address), 0))
      return registerDevice(deployment, { network, deviceClass: 0, key: signer.key, signature })
    }),
  )
  // Nonces follow the order of the calls, so indexes follow the order of the names.
  await Promise.all(registrations.map((registration) => operator.submit(registration)))
}
