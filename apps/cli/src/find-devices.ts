import { type AgentDevice, listDeviceKeys, openDevice } from '@cairn/agent'
import type { NetworkHistory } from '@cairn/chain'
import { toHex } from '@cairn/protocol'

/** The agent's devices: every key in the folder that the network knows, with its index; the newest where a key stands twice. */
export async function findDevices(
  history: NetworkHistory,
  folder: string,
  passphrase: string,
): Promise<{ devices: AgentDevice[]; strangers: string[] }> {
  const latest = history.snapshotAt(2 ** 32 - 1)
  const indexes = new Map<string, number>()
  for (let index = 0; index < latest.deviceCount; index++)
    indexes.set(toHex(latest.device(index)!.key.x), index)
  const devices: AgentDevice[] = []
  const strangers: string[] = []
  for (const name of await listDeviceKeys(folder)) {
    const opened = await openDevice({ folder, name, passphrase, index: 0 })
    const index = indexes.get(toHex(opened.signer.key.x))
    if (index === undefined) strangers.push(name)
    else devices.push({ ...opened, index })
  }
  return { devices, strangers }
}
