import { revokeDevice } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { parseIndex, requireDevice } from '../../devices.ts'
import { openNetwork } from '../../open-network.ts'
import { deviceGroup } from './group.ts'

export const deviceRevoke: Register = (program, act) => {
  withAccount(
    deviceGroup(program)
      .command('revoke')
      .description('stop a device for good, from the next epoch on; what it earned can still be claimed')
      .argument('<device>', 'device index', parseIndex),
  ).action(
    act(async (cli, index: number, { account: name }: { account?: string }) => {
      const open = await openNetwork(cli)
      requireDevice(open, index)
      const account = await openAccount(cli, name)
      await submitterFor(open.client, account).submit(
        revokeDevice(open.deployment, { network: open.file.network, index }),
        { signal: cli.signal },
      )
      cli.output.result(
        { device: index, revoked: true },
        `Device ${index} is revoked; its reports do not count from the next epoch on.`,
      )
    }),
  )
}
