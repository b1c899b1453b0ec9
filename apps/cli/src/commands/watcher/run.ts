import { join } from 'node:path'
import { openAccount, privateKeyOf, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { wholeNumber } from '../../parse-options.ts'
import { prepareWatcher } from '../../services/run-watcher.ts'
import { settleThreads } from '../../services/settle-threads.ts'
import { untilStopped } from '../../services/until-stopped.ts'
import { group } from '../group.ts'

interface WatcherRunOptions {
  readonly account?: string
  readonly host: string
  readonly port: number
  readonly data?: string
  readonly threads: number
  readonly challenges: boolean
}

export const watcherRun: Register = (program, act) => {
  withAccount(
    group(program, 'watcher', 'recompute and challenge')
      .command('run')
      .description(
        'recompute every root and challenge what does not come out; the account pays challenge bonds',
      )
      .option('--host <address>', 'address to take receipts on', '127.0.0.1')
      .option('--port <number>', 'port to take receipts on', wholeNumber(0, 65_535), 8655)
      .option('--threads <count>', 'threads to settle in', wholeNumber(1, 64), 1)
      .option('--data <folder>', 'where segments, states and receipts are kept')
      .option('--no-challenges', 'only say what is found'),
  ).action(
    act(async (cli, { account: name, host, port, data, threads, challenges }: WatcherRunOptions) => {
      const account = await openAccount(cli, name ?? (cli.networkName === 'local' ? 'watcher' : undefined))
      const dataDir = data ?? join(cli.home, 'watcher', cli.networkName)
      await untilStopped(cli, 'watcher', async (log) => {
        const executor = threads > 1 ? settleThreads(threads) : undefined
        const options = {
          account,
          privateKey: privateKeyOf(account),
          dataDir,
          http: { host, port },
          log,
          challenges,
        }
        const watcher = prepareWatcher(
          cli,
          await connect(cli),
          executor === undefined ? options : { ...options, executor },
        )
        const { url } = await watcher.start()
        const stop = async () => {
          await watcher.stop()
          await executor?.close()
        }
        return { done: new Promise(() => undefined), stop, ready: { url, account: account.address } }
      })
    }),
  )
}
