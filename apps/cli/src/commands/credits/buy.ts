import { approve, buyCredits, readQuote, readTokenOf } from '@cairn/chain'
import { BaseError } from '@cairn/protocol'
import type { Address } from 'viem'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { dollars, tokens } from '../../output/amounts.ts'
import { address, dollarAmount } from '../../parse-options.ts'
import { creditsGroup } from './group.ts'

/** A purchase may cost this much more than what was quoted a moment before. */
const SLIPPAGE_PERCENT = 1n

interface BuyOptions {
  readonly for?: Address
  readonly account?: string
}

export const creditsBuy: Register = (program, act) => {
  withAccount(
    creditsGroup(program)
      .command('buy')
      .description("buy credits at the feed's price; the tokens are held until they are spent")
      .argument('<dollars>', 'like 25 or 0.5', dollarAmount)
      .option('--for <address>', "whose account they go to, if not the sender's", address),
  ).action(
    act(async (cli, credits: bigint, { for: payer, account: name }: BuyOptions) => {
      const open = await connect(cli)
      const { network } = open.file
      const account = await openAccount(cli, name)
      const { state, tokens: cost } = await readQuote(open, { network, credits })
      if (state !== 'usable') throw dormant(state)
      const submitter = submitterFor(open.client, account)
      const token = await readTokenOf(open, { network })
      const maxTokens = (cost * (100n + SLIPPAGE_PERCENT)) / 100n
      const { signal } = cli
      await submitter.submit(
        approve({ token, spender: open.deployment.addresses.credits, amount: maxTokens }),
        { signal },
      )
      const to = payer ?? account.address
      await submitter.submit(buyCredits(open.deployment, { network, payer: to, credits, maxTokens }), {
        signal,
      })
      cli.output.result(
        { payer: to, credits, tokens: cost },
        `${to} has ${dollars(credits)} more to spend, for about ${tokens(cost)} tokens.`,
      )
    }),
  )
}

function dormant(state: string): BaseError {
  return new BaseError({
    code: 'price_dormant',
    message: `Credits can not be bought now: the price feed's answer is not usable (${state}). Spending and refunds go on.`,
    fix: "Wait for the feed, or propose other terms to the network's owner.",
    field: 'price',
    value: state,
  })
}
