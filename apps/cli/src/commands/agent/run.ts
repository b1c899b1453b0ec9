import { join } from 'node:path'
import type { Register } from '../../command.ts'
import { openNetwork } from '../../open-network.ts'
import { httpUrl, wholeNumber } from '../../parse-options.ts'
import { keepAgentStatus } from '../../services/agent-status-file.ts'
import { prepareAgent } from '../../services/run-agent.ts'
import { untilStopped } from '../../services/until-stopped.ts'
import { group } from '../group.ts'

interface AgentRunOptions {
  readonly host: string
  readonly port: number
  readonly watcher?: readonly string[]
  readonly data?: string
  readonly interval: number
}

export const agentRun: Register = (program, act) => {
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
      'port to listen on for hardware; UDP 1700 for LoRa packet forwarders',
      wholeNumber(0, 65_535),
      1700,
    )
    .option('--watcher <url...>', 'watchers to give receipts to', collectUrls)
    .option(
      '--interval <ms>',
      'longest time an observation waits for others',
      wholeNumber(100, 600_000),
      10_000,
    )
    .option('--data <folder>', 'where observations and receipts are kept')
    .addHelpText(
      'after',
      "\nThe name of a LoRa gateway's key is its EUI: onboard it with `cairn device onboard <eui>`.",
    )
    .action(
      act(async (cli, { host, port, watcher, data, interval }: AgentRunOptions) => {
        const dataDir = data ?? join(cli.home, 'agent', cli.networkName)
        await untilStopped(cli, 'agent', async (log) => {
          const agent = await prepareAgent(cli, await openNetwork(cli), {
            dataDir,
            log,
            settings: (names) => ({
              host,
              port,
              gateways: Object.fromEntries(names.map((name) => [name, name])),
            }),
            watchers: watcher ?? [],
            reportIntervalMs: interval,
          })
          await agent.start()
          const { devices, driver } = agent.status()
          const status = keepAgentStatus(agent, { dataDir, log })
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
