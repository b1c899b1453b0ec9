import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import {
  type CreatedNetwork,
  createDrandBeacon,
  createNetwork,
  type Deployment,
  deploySingletons,
  type EmissionSchedule,
  evmnet,
  type OwnerChoice,
  parseDeployment,
  type Submitter,
} from '@cairn/chain'
import { BaseError, type Sector, serializeRuleset } from '@cairn/protocol'
import type { Command } from 'commander'
import { type Address, createClient, formatEther, http, toHex } from 'viem'
import { getBlock, getChainId } from 'viem/actions'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Cli, Register } from '../../command.ts'
import { type DurationOptions, durationsOf } from '../../duration-options.ts'
import { LOCAL_CHAIN } from '../../local-chain.ts'
import { networkPath, writeNetworkFile } from '../../network-file.ts'
import { address, httpUrl, tokenAmount, wholeNumber } from '../../parse-options.ts'
import { requireSafe, type SafetyOptions, withSafety } from '../../safety/require-safe.ts'
import { group } from '../group.ts'
import { firstEmissionOf, type ScheduleOptions, scheduleOf, withSchedule } from './schedule-options.ts'
import { amountOption, governorOf, type VotingOptions, withVoting } from './voting-options.ts'

interface CreateOptions extends SafetyOptions, VotingOptions, ScheduleOptions, DurationOptions {
  rpc: string
  sector: string
  deployment?: string
  account?: string
  token?: `0x${string}`
  symbol: string
  owner?: `0x${string}`
  beacon?: `0x${string}`
  timelock: number
  ingestBond: bigint
  verifierBond: bigint
  challengeBond: bigint
  reports: number
  verifierShare: number
  outflowLimit?: bigint
  outflowEpochs: number
  start: number
}

/** What the command line asks for can not be; codes `unknown_sector`, `malformed_deployment`. */
class CreateError extends BaseError {}

const withMore = (command: Command) => withSafety(withAccount(withVoting(withSchedule(command))))

export const networkCreate: Register = (program, act) => {
  withMore(
    group(program, 'network', 'create networks and judge them')
      .command('create')
      .description('create a network on any EVM chain, with a new token or one that exists')
      .argument('<name>', 'short name; the network is known by it in this home')
      .requiredOption('--rpc <url>', 'RPC endpoint of the chain', httpUrl)
      .requiredOption('--sector <id>', 'kind of hardware, as `cairn network create --help` lists them')
      .option('--deployment <file>', "JSON of the contracts' addresses; they are deployed when left out")
      .option('--token <address>', 'token of rewards and bonds; a new one is made when left out', address)
      .option('--symbol <symbol>', 'symbol of the new token', 'CRN')
      .option('--owner <address>', 'who governs the network; a timelock is made when left out', address)
      .option(
        '--beacon <address>',
        'contract that gives each epoch its random word; one for drand is made when left out, and none on the local chain',
        address,
      )
      .option('--timelock <seconds>', 'delay of that timelock', wholeNumber(0), 172_800)
      .option('--epoch <seconds>', 'length of an epoch', wholeNumber(1), 3600)
      .option('--seal <seconds>', 'for ingests to commit', wholeNumber(1), 300)
      .option('--availability <seconds>', 'for verifiers to fetch', wholeNumber(1), 600)
      .option('--attest <seconds>', 'for verifiers to attest', wholeNumber(1), 3600)
      .option('--challenge <seconds>', 'for anybody to challenge', wholeNumber(1), 259_200)
      .option('--response <seconds>', 'for one move in a challenge', wholeNumber(1), 43_200)
      .addOption(amountOption('--ingest-bond <amount>', 'least bond of an ingest', '1000'))
      .addOption(amountOption('--verifier-bond <amount>', 'least bond of a verifier', '10000'))
      .addOption(amountOption('--challenge-bond <amount>', 'bond of a challenge game', '100'))
      .option(
        '--reports <count>',
        'reports an ingest may commit for an epoch with its least bond',
        wholeNumber(1, 2 ** 32 - 1),
        100_000,
      )
      .option(
        '--verifier-share <bps>',
        "verifiers' part of the emission, in basis points",
        wholeNumber(0, 5000),
        500,
      )
      .option(
        '--outflow-limit <amount>',
        'the most tokens that leave the reserve in a window of epochs; what is above waits',
        tokenAmount,
      )
      .option('--outflow-epochs <count>', 'length of that window', wholeNumber(1, 64), 24)
      .option('--start <seconds>', 'from now to the first epoch', wholeNumber(0), 60)
      .addHelpText(
        'after',
        '\nExamples:\n  CAIRN_KEY=0x… cairn network create meadow --rpc https://rpc.example.org --sector wireless\n  … --schedule decay --emission 100 --decay 85/100 --step 8766 --steps 40\n  … --schedule minting --asymptote 1000000 --half-life 52596\n  … --schedule band --emission 100 --floor 5000 --cap 30000 --net-emission 5',
      ),
  ).action(
    act(async (cli, name: string, options: CreateOptions) => {
      const sector = cli.sectors.get(options.sector)
      if (sector === undefined) throw unknownSector(options.sector, cli)
      const client = createClient({ transport: http(options.rpc) })
      const emission = scheduleOf(options)
      const plan = { ...options, emission: firstEmissionOf(emission) }
      requireSafe(cli, plan, { isLocal: (await getChainId(client)) === LOCAL_CHAIN })
      const submitter = submitterFor(client, await openAccount(cli, options.account))
      const deployment = await deploymentFor(cli, submitter, options.deployment)
      const beacon = await beaconFor(cli, submitter, deployment, options.beacon)
      const { timestamp } = await getBlock(client, { blockTag: 'latest' })
      cli.output.progress('creating the network')
      const created = await createNetwork(
        { deployment, submitter },
        {
          name,
          ...settingsOf(options, sector, submitter, timestamp),
          emission,
          ...(beacon === undefined ? {} : { beacon }),
        },
      )
      await writeNetworkFile(cli.home, {
        name,
        rpcUrl: options.rpc,
        network: created.network,
        deployment,
        sources: [],
      })
      const path = networkPath(cli.home, name)
      cli.output.result(
        { name, file: path, ...created, deployment },
        `Network ${created.network}\ntoken   ${created.token}\nowner   ${created.owner}\n${governed(created)}vault   ${created.vault}\nemission ${created.emission}: ${emitted(emission, created)}\nfile    ${path}\n\nNext: \`cairn --network ${name} stake deposit\` for an ingest and three verifiers, then \`cairn ingest run\` and \`cairn verifier run\`.`,
      )
    }),
  )
}

/** Total and first epoch, in tokens. */
function emitted({ kind }: EmissionSchedule, { emissionTotal, firstEmission }: CreatedNetwork): string {
  const amounts = `${formatEther(firstEmission)} in the first epoch, ${formatEther(emissionTotal)} in all`
  return kind === 'band' ? `${amounts} by its base, and no more of burns than was burned` : amounts
}

function governed({ governor, votingToken }: CreatedNetwork): string {
  return governor === undefined ? '' : `governor ${governor}\nvoting token ${votingToken}\n`
}

async function deploymentFor(cli: Cli, submitter: Submitter, path: string | undefined): Promise<Deployment> {
  if (path !== undefined) return parseDeployment(JSON.parse(await readFile(path, 'utf8')))
  cli.output.progress('deploying the contracts')
  return deploySingletons(submitter)
}

/** On the local chain prevrandao will do, so that it needs nothing from outside. */
async function beaconFor(
  cli: Cli,
  submitter: Submitter,
  { chainId }: Deployment,
  given: `0x${string}` | undefined,
): Promise<`0x${string}` | undefined> {
  if (given !== undefined || chainId === LOCAL_CHAIN) return given
  cli.output.progress('deploying the beacon of drand')
  return createDrandBeacon(submitter, evmnet)
}

function settingsOf(
  options: CreateOptions,
  sector: Sector,
  { address: creator }: Submitter,
  timestamp: bigint,
) {
  const programs = sector.defaultPrograms.map(({ name, weightBps }) => ({ name, weightBps }))
  return {
    timeline: {
      ...durationsOf(options),
      genesis: timestamp + BigInt(options.start),
      queueSeconds: Math.max(1, Math.ceil(options.response / 8)),
    },
    token:
      options.token === undefined
        ? {
            name: options.symbol,
            symbol: options.symbol,
            allocations: [{ to: creator, amount: options.verifierBond * 10n }],
          }
        : { address: options.token },
    owner: ownerOf(options, creator),
    ingestBond: options.ingestBond,
    verifierBond: options.verifierBond,
    challengeBond: options.challengeBond,
    reportsPerEpoch: options.reports,
    verifierShareBps: options.verifierShare,
    ...(options.outflowLimit === undefined
      ? {}
      : { outflow: { limit: options.outflowLimit, epochs: options.outflowEpochs } }),
    ruleset: serializeRuleset({
      sector: sector.id,
      version: sector.version,
      programs,
      params: JSON.parse(JSON.stringify(sector.defaultParams)),
      carryEpochs: 8,
    }),
    // Two networks of one account may be made in the same second.
    salt: toHex(randomBytes(32)),
  }
}

function ownerOf(options: CreateOptions, creator: Address): OwnerChoice {
  if (options.owner !== undefined) return { address: options.owner }
  const alone = { delaySeconds: options.timelock, proposers: [creator], executors: [creator] }
  return governorOf(options, options.timelock) ?? alone
}

function unknownSector(id: string, { sectors }: Cli): CreateError {
  return new CreateError({
    code: 'unknown_sector',
    field: 'sector',
    value: id,
    message: `This release has no sector "${id}".`,
    fix: `Choose one of: ${[...sectors.keys()].join(', ')}.`,
  })
}
