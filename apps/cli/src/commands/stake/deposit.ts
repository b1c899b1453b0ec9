import { announce, approve, deposit, type Role, readTokenOf, roles } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { openNetwork } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { httpUrl, oneOf, tokenAmount } from '../../parse-options.ts'
import { stakeGroup } from './group.ts'

export const stakeDeposit: Register = (program, act) => {
  withAccount(
    stakeGroup(program)
      .command('deposit')
      .description('post or raise a bond; it counts from the next epoch on')
      .argument('<role>', roles.join(', '), oneOf(...roles))
      .argument('<amount>', "in the network's token, like 1000", tokenAmount)
      .option('--url <url>', 'announce where this ingest or verifier serves', httpUrl),
  ).action(
    act(
      async (cli, role: Role, amount: bigint, { url, account: name }: { url?: string; account?: string }) => {
        const open = await openNetwork(cli)
        const { network } = open.file
        const account = await openAccount(cli, name)
        const submitter = submitterFor(open.client, account)
        const token = await readTokenOf(open, { network })
        await submitter.submit(approve({ token, spender: open.deployment.addresses.stake, amount }), {
          signal: cli.signal,
        })
        await submitter.submit(deposit(open.deployment, { network, role, amount }), { signal: cli.signal })
        if (url !== undefined)
          await submitter.submit(announce(open.deployment, { network, role, url }), { signal: cli.signal })
        cli.output.result(
          { role, holder: account.address, amount, url: url ?? null },
          `${account.address} posted ${tokens(amount)} as ${role}; it counts from the next epoch on.`,
        )
      },
    ),
  )
}
