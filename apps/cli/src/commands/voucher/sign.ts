import { type Voucher, voucherTypedData } from '@cairn/chain'
import type { Address } from 'viem'
import { openAccount, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { dollars } from '../../output/amounts.ts'
import { address, dollarAmount } from '../../parse-options.ts'
import { serializeVoucher } from '../../voucher-file.ts'
import { voucherGroup } from './group.ts'
import { expiryOf, giveReceipt, type ReceiptOptions, withReceipt } from './receipt-options.ts'

interface SignOptions extends ReceiptOptions {
  readonly payer?: Address
}

export const voucherSign: Register = (program, act) => {
  withAccount(
    withReceipt(
      voucherGroup(program)
        .command('sign')
        .description('acknowledge the service had from a seller, all told since the beginning')
        .argument('<seller>', "the seller's address", address)
        .argument('<dollars>', 'all told, like 25 or 0.5', dollarAmount),
      (command) =>
        command.option('--payer <address>', 'for whom the account signs, if not for itself', address),
    ),
  ).action(
    act(async (cli, seller: Address, cumulative: bigint, options: SignOptions) => {
      const open = await connect(cli)
      const account = await openAccount(cli, options.account)
      const voucher: Voucher = {
        network: open.file.network,
        payer: options.payer ?? account.address,
        seller,
        program: options.program,
        cumulative,
        expiresAt: expiryOf(options),
      }
      const signature = await account.signTypedData(voucherTypedData(open.deployment, voucher))
      const text = serializeVoucher({ voucher, signature })
      await giveReceipt(cli, options, { text, words: `${dollars(cumulative)} for ${seller}` })
    }),
  )
}
