import { createDeviceKey, openDevice } from '@cairn/agent'
import { rotateDevice } from '@cairn/chain'
import { deviceId, fromHex, rotateDigestInput } from '@cairn/protocol'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { deviceFolder, devicePassphrase } from '../../device-folder.ts'
import { parseIndex, requireDevice } from '../../devices.ts'
import { openNetwork } from '../../open-network.ts'
import { deviceGroup } from './group.ts'

export const deviceRotate: Register = (program, act) => {
  withAccount(
    deviceGroup(program)
      .command('rotate')
      .description('give a device a new key, which acts from the next epoch on')
      .argument('<device>', 'device index', parseIndex)
      .argument('<name>', 'name of the new key at your agent'),
  ).action(
    act(async (cli, index: number, name: string, options: { account?: string }) => {
      const open = await openNetwork(cli)
      requireDevice(open, index)
      const account = await openAccount(cli, options.account)
      const folder = deviceFolder(cli)
      const passphrase = devicePassphrase(cli)
      await createDeviceKey({ folder, name, passphrase })
      const { signer } = await openDevice({ folder, name, passphrase, index })
      const { network } = open.file
      const signature = signer.sign(rotateDigestInput(deviceId(network, index), fromHex(account.address)))
      await submitterFor(open.client, account).submit(
        rotateDevice(open.deployment, { network, index, key: signer.key, signature }),
        { signal: cli.signal },
      )
      cli.output.result(
        { device: index, name, keys: folder },
        `Device ${index} has the key ${name} from the next epoch on.`,
      )
    }),
  )
}
