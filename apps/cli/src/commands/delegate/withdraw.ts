import { completePoolExit, readDelegationOf, readPool, startPoolExit, withdrawDelegation } from '@cairn/chain'
import type { Address } from 'viem'
import { getBlock } from 'viem/actions'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { openPool } from '../../open-pool.ts'
import { tokens } from '../../output/amounts.ts'
import { address } from '../../parse-options.ts'
import { delegateGroup } from './group.ts'

export const delegateWithdraw: Register = (program, act) => {
  withAccount(
    delegateGroup(program)
      .command('withdraw')
      .description('bring the pool’s exits forward, and take out what has left')
      .argument('<pool>', 'address of the pool', address),
  ).action(
    act(async (cli, pool: Address, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const before = await openPool(open, pool)
      const account = await openAccount(cli, name)
      const submitter = submitterFor(open.client, account)
      const { signal } = cli
      const now = Number((await getBlock(open.client)).timestamp)
      if (before.leaving !== undefined && now >= before.leaving.dueAt)
        await submitter.submit(completePoolExit({ pool }), { signal })
      const { leaving, queue } = await readPool(open, { pool })
      if (leaving === undefined && queue.shares > 0n && now >= queue.startableAt)
        await submitter.submit(startPoolExit({ pool }), { signal })

      const holder = account.address
      const { exits } = await readDelegationOf(open, { pool, holder, throughBatch: queue.batch })
      const out = exits.filter(({ paid }) => paid)
      for (const { batch } of out)
        await submitter.submit(withdrawDelegation({ pool, batch, holder }), { signal })
      const withdrawn = out.reduce((sum, { assets }) => sum + assets, 0n)
      const waiting = exits.filter(({ paid }) => !paid).map(({ batch }) => batch)
      cli.output.result(
        { pool, holder, withdrawn, waiting },
        `${tokens(withdrawn)} withdrawn to ${holder}${waiting.length === 0 ? '' : `; batch ${waiting.join(', ')} is not out yet`}.`,
      )
    }),
  )
}
