import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { buildReport, type NetworkId } from '@cairn/protocol'
import { deviceSigner, readKey } from '@cairn/runtime'
import { wireless } from '@cairn/sector-wireless'

/** An epoch of a running network by the wall clock. */
export interface Epoch {
  readonly epoch: number
  readonly startMs: number
  readonly endMs: number
}

/** A simulated gateway that signs reports of LoRa uplinks nobody else heard. */
export interface SimulatedDevice {
  readonly index: number
  /** The next report: another sequence and other uplinks each time. */
  nextReport(epoch: Epoch, nowMs: number): Uint8Array
}

/** Keys of the local network's simulated devices are sealed under this word. */
const passphrase = 'local'

/** Opens the devices that the local network onboarded when it was made: their names are in the order of their indexes. */
export async function openSimulatedDevices(
  { home, network }: { readonly home: string; readonly network: NetworkId },
  random: () => number,
): Promise<SimulatedDevice[]> {
  const folder = join(home, 'devices', 'local')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.key.json')).sort()
  const models = await wireless.facets.simulate!()
  const honest = models.find(({ honest }) => honest)!
  return Promise.all(
    names.map(async (name, index) => {
      const signer = deviceSigner(await readKey(join(folder, name), passphrase))
      let sequence = 0
      return {
        index,
        nextReport({ epoch, startMs, endMs }, nowMs) {
          // Uplinks of their own for each report: counters that no other report has.
          const counter = (sequence * names.length + index) % 65_536
          const uplinks = honest.observe({ device: index, epoch: counter, startMs, endMs, random })
          const fields = { network, device: index, epoch, sequence: sequence++, timeMs: nowMs }
          return buildReport(fields, uplinks.slice(0, 2), signer.sign).bytes
        },
      }
    }),
  )
}
