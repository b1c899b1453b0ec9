import { readRedeemedOf, redeemVoucher } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { dollars } from '../../output/amounts.ts'
import { dollarAmount } from '../../parse-options.ts'
import { readVoucher } from '../../voucher-file.ts'
import { voucherGroup } from './group.ts'

interface RedeemOptions {
  readonly metered?: bigint
  readonly account?: string
}

export const voucherRedeem: Register = (program, act) => {
  withAccount(
    voucherGroup(program)
      .command('redeem')
      .description('as the seller: be paid what both meters say, less what was paid before')
      .argument('<file>', 'as `cairn voucher sign --out` wrote it')
      .option(
        '--metered <dollars>',
        "what the own meter says, all told; the payer's number if not said",
        dollarAmount,
      ),
  ).action(
    act(async (cli, path: string, { metered, account: name }: RedeemOptions) => {
      const signed = await readVoucher(path)
      const { voucher } = signed
      const open = await connect(cli)
      const submitter = submitterFor(open.client, await openAccount(cli, name))
      const before = await readRedeemedOf(open, voucher)
      const call = redeemVoucher(open.deployment, { ...signed, metered: metered ?? voucher.cumulative })
      await submitter.submit(call, { signal: cli.signal })
      const redeemed = await readRedeemedOf(open, voucher)
      cli.output.result(
        { ...voucher, metered: metered ?? voucher.cumulative, redeemed, now: redeemed - before },
        `Redeemed ${dollars(redeemed - before)}; ${dollars(redeemed)} of ${dollars(voucher.cumulative)} acknowledged are paid.`,
      )
    }),
  )
}
