import { approve, delegate, readDelegationOf, readTokenOf } from '@cairn/chain'
import type { Address } from 'viem'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { openPool } from '../../open-pool.ts'
import { tokens } from '../../output/amounts.ts'
import { address, tokenAmount } from '../../parse-options.ts'
import { delegateGroup } from './group.ts'

export const delegateDeposit: Register = (program, act) => {
  withAccount(
    delegateGroup(program)
      .command('deposit')
      .description("put tokens at stake with a verifier's pool; a slash of it is a slash of them")
      .argument('<pool>', 'address of the pool', address)
      .argument('<amount>', "in the network's token, like 100", tokenAmount),
  ).action(
    act(async (cli, pool: Address, amount: bigint, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const { queue } = await openPool(open, pool)
      const account = await openAccount(cli, name)
      const submitter = submitterFor(open.client, account)
      const { signal } = cli
      const token = await readTokenOf(open, { network: open.file.network })
      await submitter.submit(approve({ token, spender: pool, amount }), { signal })
      await submitter.submit(delegate({ pool, amount }), { signal })
      const holder = account.address
      const { shares, assets } = await readDelegationOf(open, { pool, holder, throughBatch: queue.batch })
      cli.output.result(
        { pool, holder, amount, shares, assets },
        `${holder} has ${tokens(assets)} with the pool.`,
      )
    }),
  )
}
