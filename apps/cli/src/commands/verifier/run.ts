import { join } from 'node:path'
import { type VerifierFault, verifierFaults } from '@cairn/settlement'
import type { Address } from 'viem'
import { openAccount, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { openPool } from '../../open-pool.ts'
import { address, oneOf, wholeNumber } from '../../parse-options.ts'
import { requireFaultsAllowed } from '../../services/faults.ts'
import { prepareVerifier } from '../../services/run-verifier.ts'
import { settleThreads } from '../../services/settle-threads.ts'
import { untilStopped } from '../../services/until-stopped.ts'
import { group } from '../group.ts'

interface VerifierRunOptions {
  readonly account?: string
  readonly host: string
  readonly port: number
  readonly data?: string
  readonly threads: number
  readonly pool?: Address
  readonly fault?: VerifierFault
}

export const verifierRun: Register = (program, act) => {
  withAccount(
    group(program, 'verifier', 'recompute and attest')
      .command('run')
      .description(
        'recompute epochs, attest roots and answer challenges; the account needs a bond as verifier',
      )
      .option('--host <address>', 'address to serve segments on', '127.0.0.1')
      .option('--port <number>', 'port to serve segments on', wholeNumber(0, 65_535), 8651)
      .option('--threads <count>', 'threads to settle in', wholeNumber(1, 64), 1)
      .option('--pool <address>', 'verify for the delegation pool that the account operates', address)
      .option('--data <folder>', 'where segments and states are kept')
      .option(
        '--fault <name>',
        `inject a fault, for tests of the others: ${verifierFaults.join(', ')}`,
        oneOf<VerifierFault>(...verifierFaults),
      ),
  ).action(
    act(async (cli, { account: name, host, port, data, threads, pool, fault }: VerifierRunOptions) => {
      requireFaultsAllowed(cli, fault)
      const account = await openAccount(cli, name ?? (cli.networkName === 'local' ? 'verifier-1' : undefined))
      const me = pool ?? account.address
      const dataDir = data ?? join(cli.home, 'verifier', cli.networkName, me)
      await untilStopped(cli, 'verifier', async (log) => {
        const executor = threads > 1 ? settleThreads(threads) : undefined
        const connected = await connect(cli)
        if (pool !== undefined) await openPool(connected, pool)
        const verifier = prepareVerifier(cli, connected, {
          account,
          pool,
          dataDir,
          http: { host, port },
          log,
          fault,
          ...(executor === undefined ? {} : { executor }),
        })
        const { url } = await verifier.start()
        const stop = async () => {
          await verifier.stop()
          await executor?.close()
        }
        return { done: new Promise(() => undefined), stop, ready: { url, account: me } }
      })
    }),
  )
}
