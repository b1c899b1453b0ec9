import { readOfferQuote } from '@cairn/chain'
import type { Register } from '../../../command.ts'
import { parseIndex } from '../../../devices.ts'
import { connect } from '../../../open-network.ts'
import { exactDollars } from '../../../output/amounts.ts'
import { foreignText } from '../../../output/foreign-text.ts'
import { leavesOf, withSize } from '../size-option.ts'
import { offerGroup } from './group.ts'
import { readOffer } from './read-offer.ts'

export const storageOfferShow: Register = (program, act) => {
  withSize(
    offerGroup(program)
      .command('show')
      .description('the offer of a device, and what a rail to it would cost')
      .argument('<device>', 'device index', parseIndex),
    'what it would hold, like 500GiB: tells what that costs',
  ).action(
    act(async (cli, device: number, { size }: { size?: bigint }) => {
      const open = await connect(cli)
      const { network } = open.file
      const offer = await readOffer(open, device)
      const quote =
        size === undefined || !offer.open
          ? null
          : await readOfferQuote(open, { network, device, leaves: leavesOf(size) })
      const { periodEpochs, windowEpochs, challenges } = offer.proving
      const lines = [
        `Device ${device} of ${offer.owner} in ${foreignText(offer.country, { most: 2 })}, ${offer.open ? 'open' : 'closed'}: ${foreignText(offer.url, { most: 256 })}`,
        `${exactDollars(offer.storagePrice)} a TiB and period, ${exactDollars(offer.egressPrice)} a TiB read; ${offer.capacityBytes} bytes of room`,
        `${challenges} leaves proven in the last ${windowEpochs} of every ${periodEpochs} epochs`,
      ]
      if (quote !== null)
        lines.push(
          `${size} bytes cost ${exactDollars(quote.perPeriod)} a period; the rail needs ${exactDollars(quote.needed)} beside what it owes.`,
        )
      cli.output.result({ device, ...offer, quote }, lines.join('\n'))
    }),
  )
}
