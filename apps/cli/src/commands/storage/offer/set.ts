import { type StorageOffer, setStorageOffer } from '@cairn/chain'
import { InvalidArgumentError } from 'commander'
import { zeroAddress } from 'viem'
import { openAccount, submitterFor, withAccount } from '../../../account.ts'
import type { Register } from '../../../command.ts'
import { parseIndex } from '../../../devices.ts'
import { connect } from '../../../open-network.ts'
import { exactDollars } from '../../../output/amounts.ts'
import { address, byteSize, dollarAmount, httpUrl, wholeNumber } from '../../../parse-options.ts'
import { offerGroup } from './group.ts'

interface OfferOptions {
  readonly url: string
  readonly country: string
  readonly storagePrice: bigint
  readonly egressPrice: bigint
  readonly capacity: bigint
  readonly period: number
  readonly window: number
  readonly challenges: number
  readonly delegate?: `0x${string}`
  readonly account?: string
}

export const storageOfferSet: Register = (program, act) => {
  withAccount(
    offerGroup(program)
      .command('set')
      .description('offer to store with a device, in the place of the offer before; open rails keep theirs')
      .argument('<device>', 'device index; the sender owns it', parseIndex)
      .requiredOption('--url <url>', 'where the device answers, at most 256 bytes', httpUrl)
      .requiredOption('--country <code>', 'where it stands: ISO 3166-1, two capital letters', country)
      .requiredOption('--storage-price <dollars>', 'for a TiB and proving period', dollarAmount)
      .requiredOption('--egress-price <dollars>', 'for a TiB read', dollarAmount)
      .requiredOption('--capacity <size>', 'room for everybody, like 4TiB', byteSize)
      .option('--period <epochs>', 'length of a proving period', wholeNumber(3, 65_535), 24)
      .option(
        '--window <epochs>',
        'the last of them, in which a proof is due; two less at most',
        wholeNumber(1, 65_533),
        4,
      )
      .option('--challenges <count>', 'leaves asked for in each period', wholeNumber(1, 64), 5)
      .option('--delegate <address>', "the agent's key, which may add bundles and take on repairs", address),
  ).action(
    act(async (cli, device: number, options: OfferOptions) => {
      const open = await connect(cli)
      const { network } = open.file
      const offer = offerOf(options)
      await submitterFor(open.client, await openAccount(cli, options.account)).submit(
        setStorageOffer(open.deployment, { network, device, offer }),
        { signal: cli.signal },
      )
      cli.output.result(
        { device, ...offer },
        `Device ${device} stores for ${exactDollars(offer.storagePrice)} a TiB and period of ${offer.proving.periodEpochs} epochs: \`cairn storage rail open ${device} <dollars>\`.`,
      )
    }),
  )
}

const offerOf = (options: OfferOptions): StorageOffer => ({
  url: options.url,
  country: options.country,
  storagePrice: options.storagePrice,
  egressPrice: options.egressPrice,
  capacityBytes: options.capacity,
  proving: {
    periodEpochs: options.period,
    windowEpochs: options.window,
    challenges: options.challenges,
  },
  delegate: options.delegate ?? zeroAddress,
})

function country(text: string): string {
  if (/^[A-Z]{2}$/.test(text)) return text
  throw new InvalidArgumentError('expected two capital letters, like CH')
}
