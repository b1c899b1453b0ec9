import { readDelegationOf } from '@cairn/chain'
import type { Address } from 'viem'
import { openAccount, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { openPool } from '../../open-pool.ts'
import { tokens } from '../../output/amounts.ts'
import { address } from '../../parse-options.ts'
import { delegateGroup } from './group.ts'

const percent = (bps: number) => `${bps / 100} %`

export const delegateShow: Register = (program, act) => {
  withAccount(
    delegateGroup(program)
      .command('show')
      .description('what a pool is worth and asks, and what an account has in it')
      .argument('<pool>', 'address of the pool', address),
  ).action(
    act(async (cli, pool: Address, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const state = await openPool(open, pool)
      const holder = (await openAccount(cli, name)).address
      const throughBatch = state.queue.batch
      const mine = await readDelegationOf(open, { pool, holder, throughBatch })
      const { assets: own } = await readDelegationOf(open, { pool, holder: state.operator, throughBatch })
      const { commissionBps, mostCommissionBps, selfBps } = state.terms
      const { operator, totalAssets, commission, leaving, queue, isClosed } = state
      cli.output.result(
        {
          pool,
          operator,
          terms: state.terms,
          totalAssets,
          own,
          commission,
          leaving,
          queue,
          isClosed,
          holder,
          ...mine,
        },
        [
          `Pool ${pool} of ${operator}${isClosed ? ', closed' : ''}`,
          `${tokens(totalAssets)} delegated, ${tokens(own)} of it the operator's own (it promised ${percent(selfBps)})`,
          `commission ${percent(commissionBps)} of rewards, never above ${percent(mostCommissionBps)}`,
          leaving === undefined
            ? 'nobody is leaving'
            : `batch ${leaving.batch} leaves with ${tokens(leaving.claim)}, due at ${leaving.dueAt} (Unix seconds)`,
          `${holder} has ${tokens(mine.assets)}`,
          ...mine.exits.map(({ batch, paid, assets }) =>
            paid ? `batch ${batch} is out: ${tokens(assets)} to withdraw` : `leaving with batch ${batch}`,
          ),
        ].join('\n'),
      )
    }),
  )
}
