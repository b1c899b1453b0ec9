import { openRail, readOfferQuote, readRailOf } from '@cairn/chain'
import { zeroAddress } from 'viem'
import { openAccount, submitterFor, withAccount } from '../../../account.ts'
import type { Register } from '../../../command.ts'
import { parseIndex } from '../../../devices.ts'
import { connect } from '../../../open-network.ts'
import { address, dollarAmount } from '../../../parse-options.ts'
import { noOffer, readOffer } from '../offer/read-offer.ts'
import { bytesOfLeaves, leavesOf, withSize } from '../size-option.ts'
import { railGroup } from './group.ts'
import { quoteText } from './quote-text.ts'
import { describeRail, readRailStanding } from './standing.ts'

interface OpenOptions {
  readonly size?: bigint
  readonly signer?: `0x${string}`
  readonly mostStoragePrice?: bigint
  readonly mostEgressPrice?: bigint
  readonly account?: string
}

/** Leaves of a TiB: prices are told for as much. */
const TIB_LEAVES = 2n ** 35n

export const storageRailOpen: Register = (program, act) => {
  withAccount(
    withSize(
      railGroup(program)
        .command('open')
        .description('lock credits in a new rail from the sender to a device, at the prices of its offer')
        .argument('<device>', 'device index', parseIndex)
        .argument('<dollars>', "of the sender's credits, like 25 or 0.5", dollarAmount),
      'what it will hold, for the quote; a TiB when left out',
    )
      .option('--signer <address>', 'who signs bundles and orders for the payer, if not itself', address)
      .option('--most-storage-price <dollars>', 'for a TiB and period; what is offered now', dollarAmount)
      .option('--most-egress-price <dollars>', 'for a TiB read; what is offered now', dollarAmount),
  ).action(
    act(async (cli, device: number, credits: bigint, options: OpenOptions) => {
      const open = await connect(cli)
      const { network } = open.file
      const account = await openAccount(cli, options.account)
      const offer = await readOffer(open, device)
      if (!offer.open) throw noOffer(device, 'its offer is closed')
      const leaves = options.size === undefined ? TIB_LEAVES : leavesOf(options.size)
      const quote = await readOfferQuote(open, { network, device, leaves })
      cli.output.note(quoteText(bytesOfLeaves(leaves), quote))
      const call = openRail(open.deployment, {
        network,
        device,
        signer: options.signer ?? zeroAddress,
        mostStoragePrice: options.mostStoragePrice ?? offer.storagePrice,
        mostEgressPrice: options.mostEgressPrice ?? offer.egressPrice,
        credits,
      })
      await submitterFor(open.client, account).submit(call, { signal: cli.signal })
      const rail = await readRailOf(open, { network, payer: account.address, device })
      const after = await readRailStanding(open, { rail: rail! })
      cli.output.result({ quote: { bytes: bytesOfLeaves(leaves), ...quote }, ...after }, describeRail(after))
    }),
  )
}
