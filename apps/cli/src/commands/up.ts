import type { Register } from '../command.ts'
import { localFolder } from '../local/local-settings.ts'
import { type LocalNetwork, runLocalNetwork } from '../local/run-local-network.ts'
import { resetLocalNetwork } from '../local/start-local-chain.ts'
import { wholeNumber } from '../parse-options.ts'

interface UpOptions {
  readonly gateways: number
  readonly rate: number
  readonly freePorts: boolean
  readonly reset: boolean
  readonly claims: boolean
}

export const up: Register = (program, act) => {
  program
    .command('up')
    .description(
      'run a local network: chain, contracts, ingest, three verifiers, a watcher, simulated gateways',
    )
    .option(
      '--gateways <count>',
      'simulated LoRa gateways, when the network is made',
      wholeNumber(0, 1000),
      4,
    )
    .option('--rate <count>', 'simulated uplinks a second', wholeNumber(1, 1000), 4)
    .option('--free-ports', 'take free ports only, when the network is made', false)
    .option('--reset', 'forget the local network of this home and make a new one', false)
    .option('--no-claims', 'do not claim for the simulated gateways')
    .addHelpText(
      'after',
      '\nctrl-c stops it; the next start goes on where it was. Services log to local/logs in the home.',
    )
    .action(
      act(async (cli, { gateways, rate, freePorts, reset, claims }: UpOptions) => {
        const startedMs = performance.now()
        if (reset) await resetLocalNetwork(cli.home)
        const sector = cli.sectors.get('wireless')!
        const settings = { sector, gateways, uplinksPerSecond: rate, seed: 1, claims, freePorts }
        const network = await runLocalNetwork(cli, settings)
        const seconds = (performance.now() - startedMs) / 1000
        const { open, ports, lifecycle } = network
        const value = { ready: true, seconds, network: open.file.network, rpcUrl: open.file.rpcUrl, ports }
        cli.output.result(value, readyText(network, { seconds, gateways, home: cli.home }))
        const onAbort = () => void lifecycle.stop('ctrl-c')
        cli.signal.addEventListener('abort', onAbort, { once: true })
        if (cli.signal.aborted) onAbort()
        await lifecycle.done
        cli.output.note('stopped; everything is kept')
      }),
    )
}

function readyText(
  { open, ports }: LocalNetwork,
  { seconds, gateways, home }: { seconds: number; gateways: number; home: string },
): string {
  const { timeline } = open.followed.history
  return [
    '',
    `ready in ${seconds.toFixed(1)} s: network ${open.file.network}, an epoch every ${timeline.epochSeconds} s`,
    `  chain      ${open.file.rpcUrl}`,
    `  ingest     http://127.0.0.1:${ports.ingest}   (openapi.json describes it)`,
    `  verifiers  ${ports.verifiers.map((port) => `http://127.0.0.1:${port}`).join('  ')}`,
    `  watcher    http://127.0.0.1:${ports.watcher}`,
    `  gateways   udp://127.0.0.1:${ports.gateways}   (Semtech UDP; ${gateways} simulated ones are connected)`,
    `  logs       ${localFolder(home)}/logs`,
    '',
    'In another terminal: `npm run -s cairn -- epoch list`, `… rewards explain 0`, `… audit`. Here, ctrl-c stops it.',
    '',
  ].join('\n')
}
