import { type Call, readRedeemedOf, redeemFor, redeemVoucher } from '@cairn/chain'
import { Option } from 'commander'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { readMeter } from '../../meter-file.ts'
import { connect, type OpenNetwork } from '../../open-network.ts'
import { dollars } from '../../output/amounts.ts'
import { dollarAmount } from '../../parse-options.ts'
import { readVoucher, type SignedVoucher } from '../../voucher-file.ts'
import { voucherGroup } from './group.ts'

interface RedeemOptions {
  readonly metered?: bigint | undefined
  readonly meter?: string | undefined
  readonly account?: string
}

export const voucherRedeem: Register = (program, act) => {
  withAccount(
    voucherGroup(program)
      .command('redeem')
      .description('pay the seller what both meters say, less what was paid before')
      .argument('<file>', 'as `cairn voucher sign --out` wrote it')
      .option(
        '--metered <dollars>',
        "as the seller: what the own meter says, all told; the payer's number if not said",
        dollarAmount,
      )
      .addOption(
        new Option(
          '--meter <file>',
          'for the seller, by anybody: its meter, as `cairn voucher meter --out` wrote it',
        ).conflicts('metered'),
      ),
  ).action(
    act(async (cli, path: string, { metered, meter, account: name }: RedeemOptions) => {
      const signed = await readVoucher(path)
      const { voucher } = signed
      const open = await connect(cli)
      const submitter = submitterFor(open.client, await openAccount(cli, name))
      const before = await readRedeemedOf(open, voucher)
      const redemption = await redemptionOf(open, signed, { metered, meter })
      await submitter.submit(redemption.call, { signal: cli.signal })
      const redeemed = await readRedeemedOf(open, voucher)
      cli.output.result(
        { ...voucher, metered: redemption.metered, redeemed, now: redeemed - before },
        `Redeemed ${dollars(redeemed - before)}; ${dollars(redeemed)} of ${dollars(voucher.cumulative)} acknowledged are paid.`,
      )
    }),
  )
}

async function redemptionOf(
  { deployment }: Pick<OpenNetwork, 'deployment'>,
  { voucher, signature }: SignedVoucher,
  said: Pick<RedeemOptions, 'metered' | 'meter'>,
): Promise<{ readonly call: Call; readonly metered: bigint }> {
  if (said.meter === undefined) {
    const metered = said.metered ?? voucher.cumulative
    return { call: redeemVoucher(deployment, { voucher, signature, metered }), metered }
  }
  const { meter, signature: sellerSignature } = await readMeter(said.meter)
  const receipt = { voucher, payerSignature: signature, meter, sellerSignature }
  return { call: redeemFor(deployment, receipt), metered: meter.metered }
}
