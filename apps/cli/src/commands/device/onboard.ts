import { createDeviceKey, listDeviceKeys, openDevice } from '@cairn/agent'
import { registerDevice } from '@cairn/chain'
import { fromHex, onboardDigestInput } from '@cairn/protocol'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { deviceFolder, devicePassphrase } from '../../device-folder.ts'
import { findDevices } from '../../find-devices.ts'
import { openNetwork } from '../../open-network.ts'
import { wholeNumber } from '../../parse-options.ts'
import { deviceGroup } from './group.ts'

export const deviceOnboard: Register = (program, act) => {
  withAccount(
    deviceGroup(program)
      .command('onboard')
      .description('register a device: its owner sends the transaction, the device signs it')
      .argument(
        '<name>',
        'name at your agent; for a LoRa gateway its EUI, 16 hexadecimal digits in lower case',
      )
      .option('--class <number>', 'device class', wholeNumber(0, 65_535), 0)
      .addHelpText(
        'after',
        '\nThe key is made unless this home has one of that name; it is sealed under CAIRN_PASSPHRASE.',
      ),
  ).action(
    act(async (cli, name: string, options: { class: number; account?: string }) => {
      const open = await openNetwork(cli)
      const account = await openAccount(cli, options.account)
      const folder = deviceFolder(cli)
      const passphrase = devicePassphrase(cli)
      if (!(await listDeviceKeys(folder)).includes(name)) await createDeviceKey({ folder, name, passphrase })
      const { signer } = await openDevice({ folder, name, passphrase, index: 0 })
      const { network } = open.file
      const signature = signer.sign(onboardDigestInput(network, fromHex(account.address), options.class))
      const registration = registerDevice(open.deployment, {
        network,
        deviceClass: options.class,
        key: signer.key,
        signature,
      })
      await submitterFor(open.client, account).submit(registration, { signal: cli.signal })
      await open.followed.sync()
      const { devices } = await findDevices(open.followed.history, folder, passphrase)
      const index = devices.find((device) => device.name === name)?.index ?? null
      cli.output.result(
        { device: index, name, owner: account.address, keys: folder },
        `Device ${index} (${name}) is onboarded; its reports count from the next epoch on.\n\nNext: \`cairn agent run\`.`,
      )
    }),
  )
}
