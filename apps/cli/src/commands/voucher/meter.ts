import { writeFile } from 'node:fs/promises'
import { type Meter, meterTypedData } from '@cairn/chain'
import type { Address } from 'viem'
import { openAccount, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { serializeMeter } from '../../meter-file.ts'
import { connect } from '../../open-network.ts'
import { dollars } from '../../output/amounts.ts'
import { address, dollarAmount, wholeNumber } from '../../parse-options.ts'
import { voucherGroup } from './group.ts'

interface MeterOptions {
  readonly program: number
  readonly hours: number
  readonly seller?: Address
  readonly out?: string
  readonly account?: string
}

export const voucherMeter: Register = (program, act) => {
  withAccount(
    voucherGroup(program)
      .command('meter')
      .description('as the seller: sign what the own meter says, so that anybody can redeem for it')
      .argument('<payer>', "the payer's address", address)
      .argument('<dollars>', 'all told, like 25 or 0.5', dollarAmount)
      .option('--program <index>', 'which program it is for', wholeNumber(0, 3), 0)
      .option('--hours <count>', 'how long it can be redeemed', wholeNumber(1, 8_760), 24)
      .option('--seller <address>', 'the contract wallet that the account signs for, if not itself', address)
      .option('--out <file>', 'write it there instead of printing it'),
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
        expiresAt: BigInt(Math.floor(Date.now() / 1000) + 3_600 * options.hours),
      }
      const signature = await account.signTypedData(meterTypedData(open.deployment, meter))
      const text = serializeMeter({ meter, signature })
      if (options.out !== undefined) await writeFile(options.out, text)
      cli.output.result(
        JSON.parse(text),
        options.out === undefined
          ? text.trim()
          : `${dollars(metered)} served to ${payer}, all told, in ${options.out}.`,
      )
    }),
  )
}
