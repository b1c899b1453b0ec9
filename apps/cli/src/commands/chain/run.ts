import type { Register } from '../../command.ts'
import { LOCAL_TIMELINE } from '../../local/create-local-network.ts'
import { simulatedNames, startLocalChain } from '../../local/start-local-chain.ts'
import { wholeNumber } from '../../parse-options.ts'
import { untilStopped } from '../../services/until-stopped.ts'
import { group } from '../group.ts'

interface ChainRunOptions {
  readonly gateways: number
  readonly freePorts: boolean
  readonly epoch: number
  readonly challenge: number
  readonly response: number
}

export const chainRun: Register = (program, act) => {
  group(program, 'chain', 'the local chain')
    .command('run')
    .description('run the local chain alone, with contracts, a network, bonds and simulated devices on it')
    .option('--gateways <count>', 'devices to onboard when the network is made', wholeNumber(0, 1000), 4)
    .option('--free-ports', 'take free ports only, when the network is made', false)
    .option('--epoch <seconds>', 'how long epochs are', wholeNumber(4, 600), LOCAL_TIMELINE.epochSeconds)
    .option(
      '--challenge <seconds>',
      'how long accepted roots can be challenged',
      wholeNumber(4, 600),
      LOCAL_TIMELINE.challengeSeconds,
    )
    .option(
      '--response <seconds>',
      'how long a move in a dispute may take',
      wholeNumber(2, 60),
      LOCAL_TIMELINE.responseSeconds,
    )
    .addHelpText(
      'after',
      '\nWhat `cairn up` runs in one process can run as one process each: ingest, verifiers, watcher, agent.',
    )
    .action(
      act(async (cli, { gateways, freePorts, epoch, challenge, response }: ChainRunOptions) => {
        const sector = cli.sectors.get('wireless')!
        const devices = await simulatedNames(sector, gateways, 1)
        await untilStopped(cli, 'chain', async (log) => {
          const { home, output } = cli
          const { chain, ports } = await startLocalChain({
            home,
            sector,
            devices,
            freePorts,
            timeline: { epochSeconds: epoch, challengeSeconds: challenge, responseSeconds: response },
            log,
            say: output.note,
          })
          const done = chain.exited.then(() => Promise.reject(new Error('the local chain ended')))
          return { done, stop: () => chain.stop(), ready: { rpcUrl: chain.url, pid: chain.pid, ports } }
        })
      }),
    )
}
