import { join } from 'node:path'
import { withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { parseIndex } from '../../devices.ts'
import { openNetwork } from '../../open-network.ts'
import { byteSize, dollarAmount, duration, httpUrl, wholeNumber } from '../../parse-options.ts'
import { loraGateways } from '../../services/lora-gateways.ts'
import { prepareAgent } from '../../services/run-agent.ts'
import { runOperator } from '../../services/run-operator.ts'
import { keepStatusFile } from '../../services/status-file.ts'
import { untilStopped } from '../../services/until-stopped.ts'
import { group } from '../group.ts'

interface AgentRunOptions {
  readonly host: string
  readonly port?: number
  readonly watcher?: readonly string[]
  readonly data?: string
  readonly interval: number
  readonly sector?: string
  readonly capacity?: bigint
  readonly device?: number
  readonly payFrom?: bigint
  readonly bandwidth?: bigint
  readonly metricsPort?: number
  readonly payEvery: number
  readonly repair?: boolean
  readonly account?: string
}

export const agentRun: Register = (program, act) => {
  withAccount(
    group(program, 'agent', 'host devices')
      .command('run')
      .description(
        'speak to hardware, sign what it observes, bring it to ingests: for every onboarded device whose key is in this home',
      )
      .option(
        '--host <address>',
        'address to listen on for hardware; the protocol may have no authentication',
        '127.0.0.1',
      )
      .option(
        '--port <number>',
        'port to listen on; UDP 1700 for LoRa packet forwarders, 9100 for customers of storage, when left out',
        wholeNumber(0, 65_535),
      )
      .option('--watcher <url...>', 'watchers to give receipts to', collectUrls)
      .option(
        '--interval <ms>',
        'longest time an observation waits for others',
        wholeNumber(100, 600_000),
        10_000,
      )
      .option('--data <folder>', 'where observations and receipts, or the rows of customers, are kept')
      .option(
        '--sector <name>',
        'storage: keep and prove rows for customers, instead of reporting observations',
      )
      .option('--capacity <size>', 'storage: room for rows, like 4TiB', byteSize)
      .option('--device <index>', 'storage: which device, where this home has more than one', parseIndex)
      .option(
        '--pay-from <dollars>',
        'storage: vouchers are redeemed and rails settled when they pay as much, or are about to end; a dollar when left out',
        dollarAmount,
      )
      .option(
        '--bandwidth <size>',
        'storage: bytes a second, each way, like 20MiB; no limit when left out',
        byteSize,
      )
      .option(
        '--metrics-port <number>',
        'storage: port on this machine for /metrics (Prometheus) and /health',
        wholeNumber(0, 65_535),
      )
      .option('--pay-every <time>', 'storage: how often to look at what pays', duration, 600)
      .option(
        '--repair',
        "storage: make again what other operators lost, for the reward; the account's credits pay for what is read",
      )
      .addHelpText(
        'after',
        "\nThe name of a LoRa gateway's key is its EUI: onboard it with `cairn device onboard <eui>`.\nStorage: `cairn storage offer set` names where it answers; the account is the device's owner, or the offer's delegate.",
      ),
  ).action(
    act(async (cli, options: AgentRunOptions) => {
      const { host, port = 1700, watcher, data, interval, sector } = options
      if (sector !== undefined) return runOperator(cli, sector, options)
      const dataDir = data ?? join(cli.home, 'agent', cli.networkName)
      await untilStopped(cli, 'agent', async (log) => {
        const agent = await prepareAgent(cli, await openNetwork(cli), {
          dataDir,
          log,
          settings: (names) => ({
            host,
            port,
            gateways: loraGateways(names, log),
          }),
          watchers: watcher ?? [],
          reportIntervalMs: interval,
        })
        await agent.start()
        const { devices, driver } = agent.status()
        const status = keepStatusFile(agent.status, { dataDir, log })
        return {
          done: agent.done,
          stop: async () => {
            await agent.stop()
            await status.stop()
          },
          ready: { devices: devices.length, listensOn: driver?.listensOn ?? '' },
        }
      })
    }),
  )
}

function collectUrls(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, httpUrl(text)]
}
