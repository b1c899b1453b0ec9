import { readCreditAccountOf, refundCredits, requestRefund } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { dollars } from '../../output/amounts.ts'
import { dollarAmount } from '../../parse-options.ts'
import { creditsGroup } from './group.ts'

export const creditsRefund: Register = (program, act) => {
  withAccount(
    creditsGroup(program)
      .command('refund')
      .description(
        "ask for unspent credits back, or collect what was asked for when the network's delay is over",
      )
      .argument('[dollars]', 'how much to ask for; without it, collects', dollarAmount),
  ).action(
    act(async (cli, credits: bigint | undefined, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const { network } = open.file
      const account = await openAccount(cli, name)
      const submitter = submitterFor(open.client, account)
      const call =
        credits === undefined
          ? refundCredits(open.deployment, { network })
          : requestRefund(open.deployment, { network, credits })
      await submitter.submit(call, { signal: cli.signal })
      const left = await readCreditAccountOf(open, { network, payer: account.address })
      cli.output.result(
        { payer: account.address, asked: credits ?? null, ...left },
        credits === undefined
          ? `Paid back; ${dollars(left.credits)} are left to spend.`
          : `Asked for ${dollars(credits)}. When the delay is over, \`cairn credits refund\` collects it; sellers can redeem until then.`,
      )
    }),
  )
}
