import { join } from 'node:path'
import type { IngestFault } from '@cairn/ingest'
import { openAccount, privateKeyOf, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { openNetwork } from '../../open-network.ts'
import { oneOf, wholeNumber } from '../../parse-options.ts'
import { requireFaultsAllowed } from '../../services/faults.ts'
import { prepareIngest } from '../../services/run-ingest.ts'
import { untilStopped } from '../../services/until-stopped.ts'
import { group } from '../group.ts'

interface IngestRunOptions {
  readonly account?: string
  readonly host: string
  readonly port: number
  readonly data?: string
  readonly fault?: IngestFault
}

export const ingestRun: Register = (program, act) => {
  withAccount(
    group(program, 'ingest', 'take reports')
      .command('run')
      .description('take, seal and serve reports of a network; the account needs a bond as ingest')
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .option('--port <number>', 'port to listen on', wholeNumber(0, 65_535), 8650)
      .option('--data <folder>', 'where logs and segments are kept')
      .option(
        '--fault <name>',
        'inject a fault, for tests of the others: drop-acked, equivocate',
        oneOf<IngestFault>('drop-acked', 'equivocate'),
      ),
  ).action(
    act(async (cli, { account: name, host, port, data, fault }: IngestRunOptions) => {
      requireFaultsAllowed(cli, fault)
      const account = await openAccount(cli, name ?? (cli.networkName === 'local' ? 'ingest' : undefined))
      const dataDir = data ?? join(cli.home, 'ingest', cli.networkName)
      await untilStopped(cli, 'ingest', async (log) => {
        const open = await openNetwork(cli)
        const ingest = await prepareIngest(open, {
          account,
          privateKey: privateKeyOf(account),
          dataDir,
          http: { host, port },
          log,
          fault,
        })
        const { url } = await ingest.start()
        return { done: ingest.done, stop: () => ingest.stop(), ready: { url, account: account.address } }
      })
    }),
  )
}
