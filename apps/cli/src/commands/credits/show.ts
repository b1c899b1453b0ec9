import { readCreditAccountOf, readQuote } from '@cairn/chain'
import type { Address } from 'viem'
import { openAccount, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { CREDITS_PER_DOLLAR, dollars, tokens } from '../../output/amounts.ts'
import { address } from '../../parse-options.ts'
import { creditsGroup } from './group.ts'

interface ShowOptions {
  readonly of?: Address
  readonly account?: string
}

export const creditsShow: Register = (program, act) => {
  withAccount(
    creditsGroup(program)
      .command('show')
      .description('what an account can spend, and what a dollar costs now')
      .option('--of <address>', 'whose account, if not the own', address),
  ).action(
    act(async (cli, { of, account: name }: ShowOptions) => {
      const open = await connect(cli)
      const { network } = open.file
      const payer = of ?? (await openAccount(cli, name)).address
      const [account, { state, tokens: dollar }] = await Promise.all([
        readCreditAccountOf(open, { network, payer }),
        readQuote(open, { network, credits: CREDITS_PER_DOLLAR }),
      ])
      const price =
        state === 'usable' ? `A dollar costs ${tokens(dollar)} tokens now.` : `The price rests: ${state}.`
      cli.output.result(
        { payer, ...account, price: state, tokensPerDollar: state === 'usable' ? dollar : null },
        `${payer} can spend ${dollars(account.credits)}, held as ${tokens(account.tokens)} tokens.\n${price}`,
      )
    }),
  )
}
