import { closeStorageOffer } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../../account.ts'
import type { Register } from '../../../command.ts'
import { parseIndex } from '../../../devices.ts'
import { connect } from '../../../open-network.ts'
import { offerGroup } from './group.ts'

export const storageOfferClose: Register = (program, act) => {
  withAccount(
    offerGroup(program)
      .command('close')
      .description('let nobody open a rail to a device from now on; open rails go on')
      .argument('<device>', 'device index; the sender owns it', parseIndex),
  ).action(
    act(async (cli, device: number, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      await submitterFor(open.client, await openAccount(cli, name)).submit(
        closeStorageOffer(open.deployment, { network: open.file.network, device }),
        { signal: cli.signal },
      )
      cli.output.result({ device, open: false }, `The offer of device ${device} is closed.`)
    }),
  )
}
