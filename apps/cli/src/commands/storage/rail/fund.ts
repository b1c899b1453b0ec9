import { fundRail, readDataSet, readRail, readRailQuote } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../../account.ts'
import type { Register } from '../../../command.ts'
import { connect } from '../../../open-network.ts'
import { dollarAmount, railId } from '../../../parse-options.ts'
import { bytesOfLeaves, leavesOf, withSize } from '../size-option.ts'
import { railGroup } from './group.ts'
import { quoteText } from './quote-text.ts'
import { describeRail, readRailStanding } from './standing.ts'

interface FundOptions {
  readonly size?: bigint
  readonly account?: string
}

export const storageRailFund: Register = (program, act) => {
  withAccount(
    withSize(
      railGroup(program)
        .command('fund')
        .description("lock more of the payer's credits in a rail")
        .argument('<rail>', 'id', railId)
        .argument('<dollars>', "of the payer's credits, like 25 or 0.5", dollarAmount),
      'what it will hold, for the quote; what it holds now when left out',
    ),
  ).action(
    act(async (cli, rail: bigint, credits: bigint, { size, account: name }: FundOptions) => {
      const open = await connect(cli)
      const { set } = await readRail(open, { rail })
      const leaves = size === undefined ? (await readDataSet(open, { set })).leaves : leavesOf(size)
      const quote = await readRailQuote(open, { rail, leaves })
      cli.output.note(quoteText(bytesOfLeaves(leaves), quote))
      await submitterFor(open.client, await openAccount(cli, name)).submit(
        fundRail(open.deployment, { rail, credits }),
        { signal: cli.signal },
      )
      const after = await readRailStanding(open, { rail })
      cli.output.result({ quote: { bytes: bytesOfLeaves(leaves), ...quote }, ...after }, describeRail(after))
    }),
  )
}
