import { setVoucherSigner } from '@cairn/chain'
import type { Address } from 'viem'
import { getBlock } from 'viem/actions'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { connect } from '../../open-network.ts'
import { address, duration } from '../../parse-options.ts'
import { voucherGroup } from './group.ts'

interface SignerOptions {
  readonly for: number
  readonly account?: string
}

export const voucherSigner: Register = (program, act) => {
  withAccount(
    voucherGroup(program)
      .command('signer')
      .description(
        "let another key sign the sender's vouchers, as a storage gateway does for what it reads, or its meters, as a storage agent does that runs with another key than the owner's",
      )
      .argument('<signer>', "the key's address", address)
      .option(
        '--for <time>',
        'from now on; less than before takes effect after the refund delay',
        duration,
        31_536_000,
      )
      .addHelpText('after', '\nExample:\n  cairn voucher signer $(cairn storage signer) --for 26w'),
  ).action(
    act(async (cli, signer: Address, options: SignerOptions) => {
      const { client, deployment, file } = await connect(cli)
      const account = await openAccount(cli, options.account)
      const { timestamp } = await getBlock(client, { blockTag: 'latest' })
      const until = timestamp + BigInt(options.for)
      await submitterFor(client, account).submit(
        setVoucherSigner(deployment, { network: file.network, signer, until }),
        { signal: cli.signal },
      )
      const end = new Date(Number(until) * 1_000).toISOString()
      cli.output.result(
        { payer: account.address, signer, until: Number(until) },
        `${signer} signs vouchers of ${account.address} until ${end}.`,
      )
    }),
  )
}
