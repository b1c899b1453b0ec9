import { registerDevice } from '@cairn/chain'
import { onboardDigestInput } from '@cairn/protocol'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { createDeviceKey, openDeviceKey, ownerBytes } from '../../device-keys.ts'
import { openNetwork } from '../../open-network.ts'
import { wholeNumber } from '../../parse-options.ts'
import { deviceGroup } from './group.ts'

export const deviceOnboard: Register = (program, act) => {
  withAccount(
    deviceGroup(program)
      .command('onboard')
      .description('register a device: its owner sends the transaction, the device signs it')
      .argument('<name>', 'name at your agent; for a LoRa gateway its EUI, 16 hexadecimal digits')
      .option('--class <number>', 'device class', wholeNumber(0, 65_535), 0)
      .option('--key <file>', 'key file of the device; a key is made when left out'),
  ).action(
    act(async (cli, name: string, options: { class: number; key?: string; account?: string }) => {
      const open = await openNetwork(cli)
      const account = await openAccount(cli, options.account)
      const { signer, path } =
        options.key === undefined
          ? await createDeviceKey(cli, name)
          : { signer: await openDeviceKey(cli, options.key), path: options.key }
      const { network } = open.file
      const signature = signer.sign(onboardDigestInput(network, ownerBytes(account.address), options.class))
      await submitterFor(open.client, account).submit(
        registerDevice(open.deployment, { network, deviceClass: options.class, key: signer.key, signature }),
        { signal: cli.signal },
      )
      const before = open.followed.history.deviceCount
      await open.followed.sync()
      const { history } = open.followed
      const index = findDevice(history, before, signer.key.x)
      cli.output.result(
        { device: index, owner: account.address, keyFile: path },
        `Device ${index} is onboarded; its reports count from the next epoch on.\nkey file ${path}\n\nNext: \`cairn agent run\` with this key.`,
      )
    }),
  )
}

/** The index the device got: the newest with its key. */
function findDevice(
  history: Awaited<ReturnType<typeof openNetwork>>['followed']['history'],
  from: number,
  x: Uint8Array,
): number {
  const latest = history.snapshotAt(2 ** 32 - 1)
  for (let index = latest.deviceCount - 1; index >= from; index--) {
    if (Buffer.compare(latest.device(index)!.key.x, x) === 0) return index
  }
  return latest.deviceCount - 1
}
