import { type Meter, meterTypedData } from '@cairn/chain'
import type { Address } from 'viem'
import { openAccount, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { serializeMeter } from '../../meter-file.ts'
import { connect } from '../../open-network.ts'
import { dollars } from '../../output/amounts.ts'
import { address, dollarAmount } from '../../parse-options.ts'
import { voucherGroup } from './group.ts'
import { expiryOf, giveReceipt, type ReceiptOptions, withReceipt } from './receipt-options.ts'

interface MeterOptions extends ReceiptOptions {
  readonly seller?: Address
}

export const voucherMeter: Register = (program, act) => {
  withAccount(
    withReceipt(
      voucherGroup(program)
        .command('meter')
        .description('as the seller: sign what the own meter says, so that anybody can redeem for it')
        .argument('<payer>', "the payer's address", address)
        .argument('<dollars>', 'all told, like 25 or 0.5', dollarAmount),
      (command) =>
        command.option(
          '--seller <address>',
          'the contract wallet that the account signs for, if not itself',
          address,
        ),
    ),
  ).action(
    act(async (cli, payer: Address, metered: bigint, options: MeterOptions) => {
      const open = await connect(cli)
      const account = await openAccount(cli, options.account)
      const meter: Meter = {
        network: open.file.network,
        payer,
        seller: options.seller ?? account.address,
        program: options.program,
        metered,
        expiresAt: expiryOf(options),
      }
      const signature = await account.signTypedData(meterTypedData(open.deployment, meter))
      const text = serializeMeter({ meter, signature })
      await giveReceipt(cli, options, { text, words: `${dollars(metered)} served to ${payer}` })
    }),
  )
}
