import { approve, delegateVotes, lockVotes, readTokenOf, readVotesOf } from '@cairn/chain'
import type { Address } from 'viem'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { openGovernance } from '../../governance/open-governance.ts'
import { connect } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { address, tokenAmount } from '../../parse-options.ts'
import { governanceGroup } from './group.ts'

interface LockOptions {
  readonly delegate?: Address
  readonly account?: string
}

export const governanceLock: Register = (program, act) => {
  withAccount(
    governanceGroup(program)
      .command('lock')
      .description('lock tokens for votes, one to one; they can be taken back at any time')
      .argument('<amount>', "in the network's token", tokenAmount)
      .option(
        '--delegate <address>',
        'who votes with all that the account has locked, if not itself',
        address,
      ),
  ).action(
    act(async (cli, amount: bigint, { delegate, account: name }: LockOptions) => {
      const open = await connect(cli)
      const { votingToken } = await openGovernance(open)
      const account = await openAccount(cli, name)
      const submitter = submitterFor(open.client, account)
      const { signal } = cli
      const token = await readTokenOf(open, { network: open.file.network })
      if (amount > 0n) {
        const holder = account.address
        await submitter.submit(approve({ token, spender: votingToken, amount }), { signal })
        await submitter.submit(lockVotes({ votingToken, holder, amount }), { signal })
      }
      if (delegate !== undefined) await submitter.submit(delegateVotes(votingToken, delegate), { signal })
      const votes = await readVotesOf(open.client, { votingToken, account: account.address })
      cli.output.result(
        { account: account.address, votingToken, ...votes, delegate: votes.delegate ?? null },
        `${tokens(votes.locked)} locked; ${account.address} has ${tokens(votes.votes)} votes${votes.delegate === account.address ? '' : `, and ${votes.delegate ?? 'nobody'} votes with what it locked`}.`,
      )
    }),
  )
}
