import { BaseError } from '@cairn/protocol'
import { startStatusServer } from '@cairn/recompute'
import { systemClock } from '@cairn/runtime'
import { openAccount, submitterFor } from '../account.ts'
import type { Cli } from '../command.ts'
import { deviceFolder, devicePassphrase } from '../device-folder.ts'
import { findDevices } from '../find-devices.ts'
import { type OpenNetwork, openNetwork } from '../open-network.ts'
import { CREDITS_PER_DOLLAR } from '../output/amounts.ts'
import { createStorageChain } from '../storage/create-storage-chain.ts'
import { followRails } from '../storage/follow-rails.ts'
import { createRepairChain } from '../storage/repair-chain.ts'
import { operatorFolder } from './operator-folder.ts'
import { createOperatorRegistry } from './operator-registry.ts'
import { keepStatusFile } from './status-file.ts'
import { untilStopped } from './until-stopped.ts'

/** How an operator is run. */
export interface RunOperatorOptions {
  readonly host: string
  readonly port?: number
  readonly data?: string
  /** Bytes. */
  readonly capacity?: bigint
  readonly device?: number
  readonly account?: string
  /** Credits that are worth a transaction; a dollar's when left out. */
  readonly payFrom?: bigint
  /** Seconds. */
  readonly payEvery: number
  /** Bytes a second, each way; no limit when left out. */
  readonly bandwidth?: bigint
  /** Where /metrics and /health are served; nowhere when left out. */
  readonly metricsPort?: number
  /** Whether lost rails are made again. */
  readonly repair?: boolean
}

/** An operator that can not run as asked for; codes `no_operator`, `no_capacity`, `which_device`. */
class OperatorHostError extends BaseError {}

const usualPort = 9_100
const pollMs = 2_000
const goodForMs = 5_000
const repairEveryMs = 60_000
const keptSeconds = 7 * 86_400
const allowanceBytes = 64 * 2 ** 20

/** Runs the operator of a sector for a device whose key is in this home, until it is stopped. */
export async function runOperator(cli: Cli, sector: string, options: RunOperatorOptions): Promise<void> {
  const load = cli.operators.get(sector)
  if (load === undefined) throw noOperator(sector, [...cli.operators.keys()])
  const { capacity } = options
  if (capacity === undefined) throw noCapacity()
  await untilStopped(cli, 'operator', async (log) => {
    const open = await openNetwork(cli)
    const { network } = open.file
    const { index, signer } = await deviceOf(cli, open, options.device)
    const account = await openAccount(cli, options.account)
    const { signal } = cli
    const dataFolder = options.data ?? operatorFolder(cli, index)
    const submitter = submitterFor(open.client, account)
    const rails = followRails(open, { network, device: index, nowMs: Date.now, goodForMs })
    const chain = createStorageChain(open, {
      network,
      timeline: open.followed.history.timeline,
      device: index,
      account,
      submitter,
      rails,
      signal,
    })
    const repair = {
      chain: createRepairChain(open, { device: index, account, submitter, rails, signal }),
      everyMs: repairEveryMs,
    }
    const { host, port = usualPort } = options
    const operator = await (await load())({
      network,
      device: index,
      signer,
      chain,
      settings: {
        dataFolder,
        capacityBytes: Number(capacity),
        host,
        port,
        pollMs,
        keptSeconds,
        allowanceBytes,
        leastPayCredits: options.payFrom ?? CREDITS_PER_DOLLAR,
        payEveryMs: options.payEvery * 1_000,
        ...(options.bandwidth === undefined ? {} : { bytesPerSecond: Number(options.bandwidth) }),
      },
      clock: systemClock(),
      log,
      ...(options.repair === true ? { repair } : {}),
    })
    const status = keepStatusFile(operator.status, { dataDir: dataFolder, log })
    const { metricsPort } = options
    const metrics =
      metricsPort === undefined
        ? undefined
        : await startStatusServer({
            http: { host: '127.0.0.1', port: metricsPort },
            health: () => ({ status: 'ok' }),
            registry: createOperatorRegistry(operator.status),
            onError: (error) => log.error({ err: error }, 'the metrics could not be told'),
          }).catch(async (error) => {
            await status.stop()
            await operator.stop()
            throw error
          })
    return {
      done: new Promise<never>(() => undefined),
      stop: async () => {
        await metrics?.stop()
        await status.stop()
        await operator.stop()
      },
      ready: {
        ...(metrics === undefined ? {} : { metricsUrl: `${metrics.url}/metrics` }),
        url: operator.url,
        device: index,
        data: dataFolder,
        ...(await operator.status()),
      },
    }
  })
}

async function deviceOf(cli: Cli, { followed }: OpenNetwork, wanted: number | undefined) {
  const { devices } = await findDevices(followed.history, deviceFolder(cli), devicePassphrase(cli))
  const fitting = wanted === undefined ? devices : devices.filter(({ index }) => index === wanted)
  if (fitting.length === 1) return fitting[0]!
  const here = devices.map(({ index }) => index).join(', ')
  throw new OperatorHostError({
    code: 'which_device',
    field: 'device',
    message: `An operator is one device, and of those asked for this home has ${fitting.length} (devices here: ${here || 'none'}).`,
    fix: 'Name one with --device, or onboard one with `cairn device onboard <name>`.',
  })
}

const noOperator = (sector: string, known: readonly string[]): OperatorHostError =>
  new OperatorHostError({
    code: 'no_operator',
    field: 'sector',
    value: sector,
    message: `The sector "${sector}" has no operator in this release.`,
    fix: `Name one that has: ${known.join(', ')}; agents of other sectors run without --sector.`,
  })

const noCapacity = (): OperatorHostError =>
  new OperatorHostError({
    code: 'no_capacity',
    field: 'capacity',
    message: 'How much room there is for rows was not said.',
    fix: 'Say it with --capacity, like 4TiB.',
  })
