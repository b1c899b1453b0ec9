import { writeFile } from 'node:fs/promises'
import { type Voucher, voucherTypedData } from '@cairn/chain'
import type { Address } from 'viem'
import { openAccount, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { dollars } from '../../output/amounts.ts'
import { address, dollarAmount, wholeNumber } from '../../parse-options.ts'
import { serializeVoucher } from '../../voucher-file.ts'
import { voucherGroup } from './group.ts'

interface SignOptions {
  readonly program: number
  readonly hours: number
  readonly payer?: Address
  readonly out?: string
  readonly account?: string
}

export const voucherSign: Register = (program, act) => {
  withAccount(
    voucherGroup(program)
      .command('sign')
      .description('acknowledge the service had from a seller, all told since the beginning')
      .argument('<seller>', "the seller's address", address)
      .argument('<dollars>', 'all told, like 25 or 0.5', dollarAmount)
      .option('--program <index>', 'which program it is for', wholeNumber(0, 3), 0)
      .option('--hours <count>', 'how long it can be redeemed', wholeNumber(1, 8_760), 24)
      .option('--payer <address>', 'for whom the account signs, if not for itself', address)
      .option('--out <file>', 'write it there instead of printing it'),
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
        expiresAt: BigInt(Math.floor(Date.now() / 1000) + 3_600 * options.hours),
      }
      const signature = await account.signTypedData(voucherTypedData(open.deployment, voucher))
      const text = serializeVoucher({ voucher, signature })
      if (options.out !== undefined) await writeFile(options.out, text)
      cli.output.result(
        JSON.parse(text),
        options.out === undefined
          ? text.trim()
          : `${dollars(cumulative)} for ${seller}, all told, in ${options.out}.`,
      )
    }),
  )
}
