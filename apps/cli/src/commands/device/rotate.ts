import { rotateDevice } from '@cairn/chain'
import { deviceId, rotateDigestInput } from '@cairn/protocol'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { createDeviceKey, openDeviceKey, ownerBytes } from '../../device-keys.ts'
import { parseIndex, requireDevice } from '../../devices.ts'
import { openNetwork } from '../../open-network.ts'
import { deviceGroup } from './group.ts'

export const deviceRotate: Register = (program, act) => {
  withAccount(
    deviceGroup(program)
      .command('rotate')
      .description('give a device a new key, which acts from the next epoch on')
      .argument('<device>', 'device index', parseIndex)
      .argument('<name>', 'name of the new key file')
      .option('--key <file>', 'key file with the new key; one is made when left out'),
  ).action(
    act(async (cli, index: number, name: string, options: { key?: string; account?: string }) => {
      const open = await openNetwork(cli)
      requireDevice(open, index)
      const account = await openAccount(cli, options.account)
      const { signer, path } =
        options.key === undefined
          ? await createDeviceKey(cli, name)
          : { signer: await openDeviceKey(cli, options.key), path: options.key }
      const { network } = open.file
      const signature = signer.sign(rotateDigestInput(deviceId(network, index), ownerBytes(account.address)))
      await submitterFor(open.client, account).submit(
        rotateDevice(open.deployment, { network, index, key: signer.key, signature }),
        { signal: cli.signal },
      )
      cli.output.result(
        { device: index, keyFile: path },
        `Device ${index} has a new key from the next epoch on.\nkey file ${path}`,
      )
    }),
  )
}
