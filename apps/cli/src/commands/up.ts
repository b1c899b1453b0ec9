import type { Register } from '../command.ts'
import { localFolder } from '../local/local-settings.ts'
import { runLocalNetwork } from '../local/run-local-network.ts'
import { resetLocalNetwork } from '../local/start-local-chain.ts'
import { wholeNumber } from '../parse-options.ts'

export const up: Register = (program, act) => {
  program
    .command('up')
    .description(
      'run a local network: chain, contracts, ingest, three verifiers, a watcher, and simulated gateways',
    )
    .option(
      '--gateways <count>',
      'simulated LoRa gateways, when the network is made',
      wholeNumber(0, 1000),
      4,
    )
    .option('--rate <count>', 'simulated uplinks a second', wholeNumber(1, 1000), 4)
    .option('--reset', 'forget the local network of this home and make a new one', false)
    .option('--no-claims', 'do not claim for the simulated gateways')
    .addHelpText(
      'after',
      '\nctrl-c stops it; the next start goes on where it was. Services log to local/logs in the home.',
    )
    .action(
      act(
        async (
          cli,
          {
            gateways,
            rate,
            reset,
            claims,
          }: { gateways: number; rate: number; reset: boolean; claims: boolean },
        ) => {
          const startedMs = performance.now()
          if (reset) await resetLocalNetwork(cli.home)
          const sector = cli.sectors.get('wireless')!
          const { ports, open, lifecycle } = await runLocalNetwork(cli, {
            sector,
            gateways,
            uplinksPerSecond: rate,
            seed: 1,
            claims,
          })
          const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
          const { epochSeconds } = open.followed.history.timeline
          cli.output.result(
            {
              ready: true,
              seconds: Number(seconds),
              network: open.file.network,
              rpcUrl: open.file.rpcUrl,
              ports,
            },
            [
              '',
              `ready in ${seconds} s: network ${open.file.network}, an epoch every ${epochSeconds} s`,
              `  chain      ${open.file.rpcUrl}`,
              `  ingest     http://127.0.0.1:${ports.ingest}   (openapi.json describes it)`,
              `  gateways   udp://127.0.0.1:${ports.gateways}   (Semtech UDP; ${gateways} simulated ones are connected)`,
              `  logs       ${localFolder(cli.home)}/logs`,
              '',
              'In another terminal: `npm run -s cairn -- epoch list`, `… rewards explain 0`, `… audit`. Here, ctrl-c stops it.',
              '',
            ].join('\n'),
          )
          const onAbort = () => void lifecycle.stop('ctrl-c')
          cli.signal.addEventListener('abort', onAbort, { once: true })
          if (cli.signal.aborted) onAbort()
          await lifecycle.done
          cli.output.note('stopped; everything is kept')
        },
      ),
    )
}
