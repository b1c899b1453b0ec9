import type { Register } from '../../command.ts'
import { simulatedNames, startLocalChain } from '../../local/start-local-chain.ts'
import { wholeNumber } from '../../parse-options.ts'
import { untilStopped } from '../../services/until-stopped.ts'
import { group } from '../group.ts'

export const chainRun: Register = (program, act) => {
  group(program, 'chain', 'the local chain')
    .command('run')
    .description('run the local chain alone, with contracts, a network, bonds and simulated devices on it')
    .option(
      '--gateways <count>',
      'simulated devices to onboard when the network is made',
      wholeNumber(0, 1000),
      4,
    )
    .addHelpText(
      'after',
      '\nWhat `cairn up` runs in one process, one process each: then run ingest, verifiers, watcher and agent beside it.',
    )
    .action(
      act(async (cli, { gateways }: { gateways: number }) => {
        const sector = cli.sectors.get('wireless')!
        const devices = await simulatedNames(sector, gateways, 1)
        await untilStopped(cli, 'chain', async (log) => {
          const { chain } = await startLocalChain({
            home: cli.home,
            sector,
            devices,
            log,
            say: cli.output.note,
          })
          const done = chain.exited.then(() => Promise.reject(new Error('the local chain ended')))
          return { done, stop: () => chain.stop(), ready: { rpcUrl: chain.url, pid: chain.pid } }
        })
      }),
    )
}
