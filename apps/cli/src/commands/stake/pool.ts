import { createdPool, createPool } from '@cairn/chain'
import { InvalidArgumentError } from 'commander'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { group } from '../group.ts'
import { stakeGroup } from './group.ts'

/** For commander: a percentage with at most two decimals, in basis points. */
function percentage(text: string): number {
  if (/^\d{1,3}(\.\d{1,2})?$/.test(text) && Number(text) <= 100) return Math.round(Number(text) * 100)
  throw new InvalidArgumentError('expected a percentage like 10 or 2.5')
}

interface PoolOptions {
  readonly commission: number
  readonly mostCommission: number
  readonly self: number
  readonly account?: string
}

export const stakePoolCreate: Register = (program, act) => {
  withAccount(
    group(stakeGroup(program), 'pool', 'delegation to a verifier')
      .command('create')
      .description('make a pool that others can delegate to; the sender is its operator')
      .option('--commission <percent>', "of rewards, the operator's part", percentage, 1_000)
      .option('--most-commission <percent>', 'the highest it can ever be', percentage, 2_000)
      .option(
        '--self <percent>',
        "least part of the pool that is the operator's own; at least 33.34, so that no operator gains by its own slash",
        percentage,
        3_334,
      ),
  ).action(
    act(async (cli, { commission, mostCommission, self, account: name }: PoolOptions) => {
      const open = await connect(cli)
      const account = await openAccount(cli, name)
      const terms = { commissionBps: commission, mostCommissionBps: mostCommission, selfBps: self }
      const submission = await submitterFor(open.client, account).submit(
        createPool(open.deployment, { network: open.file.network, terms }),
        { signal: cli.signal },
      )
      const pool = submission.status === 'mined' ? createdPool(submission.receipt) : undefined
      cli.output.result(
        { pool: pool ?? null, operator: account.address, terms },
        `Pool ${pool}. Delegate your own part first, \`cairn delegate deposit ${pool} <amount>\`; then \`cairn verifier run --pool ${pool}\`.`,
      )
    }),
  )
}
