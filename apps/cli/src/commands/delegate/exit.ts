import { readDelegationOf, readPool, readTimelineOf, requestPoolExit, startPoolExit } from '@cairn/chain'
import type { Address } from 'viem'
import { getBlock } from 'viem/actions'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { openPool } from '../../open-pool.ts'
import { tokens } from '../../output/amounts.ts'
import { address, tokenAmount } from '../../parse-options.ts'
import { delegateGroup } from './group.ts'

export const delegateExit: Register = (program, act) => {
  withAccount(
    delegateGroup(program)
      .command('exit')
      .description('leave a pool with its next batch; what leaves stays slashable until it is out')
      .argument('<pool>', 'address of the pool', address)
      .argument('[amount]', "in the network's token; everything when left out", tokenAmount),
  ).action(
    act(async (cli, pool: Address, amount: bigint | undefined, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const state = await openPool(open, pool)
      const account = await openAccount(cli, name)
      const submitter = submitterFor(open.client, account)
      const { signal } = cli
      const holder = account.address
      const { batch } = state.queue
      const { shares: has, assets } = await readDelegationOf(open, { pool, holder, throughBatch: batch })
      const all = amount === undefined || amount >= assets
      const shares = all ? has : (amount * has) / assets
      await submitter.submit(requestPoolExit({ pool, shares }), { signal })
      const { timestamp } = await getBlock(open.client)
      if (state.leaving === undefined && timestamp >= BigInt(state.queue.startableAt))
        await submitter.submit(startPoolExit({ pool }), { signal })
      const { leaving, queue } = await readPool(open, { pool })
      const { exitSeconds } = await readTimelineOf(open, { network: open.file.network })
      const hasStarted = leaving?.batch === batch
      cli.output.result(
        { pool, holder, batch, shares, started: hasStarted, dueAt: leaving?.dueAt ?? null },
        `About ${tokens(all ? assets : amount)} leave with batch ${batch}. ${
          hasStarted
            ? `It is due in ${exitSeconds} s: \`cairn delegate withdraw ${pool}\`.`
            : `It can start at ${queue.startableAt} (Unix seconds), when the one before is out: \`cairn delegate withdraw\` sees to both.`
        }`,
      )
    }),
  )
}
