import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { buildReport, type NetworkId, type Report, type ReportFields } from '@cairn/protocol'
import { deviceSigner, readKey } from '@cairn/runtime'
import { wireless } from '@cairn/sector-wireless'

/** A simulated gateway in the hands of a test. */
export interface Gateway {
  readonly index: number
  /** A report of uplinks that nobody else heard, with another sequence each time; fields given replace the usual ones. */
  report(
    epoch: number,
    fields?: Partial<ReportFields>,
  ): { readonly bytes: Uint8Array; readonly report: Report }
  /** Signs with the key of that name from now on. */
  useKey(name: string): Promise<Gateway>
}

/** Where a network's simulated devices and its epochs are. */
export interface Surroundings {
  readonly home: string
  readonly network: NetworkId
  readonly genesisMs: number
  readonly epochMs: number
}

/** Keys of the local network's simulated devices are sealed under this word. */
const passphrase = 'local'
let uplinks = 0

/** The gateways that the local network onboarded when it was made, in the order of their indexes. */
export async function openGateways(around: Surroundings): Promise<Gateway[]> {
  const names = await readdir(join(around.home, 'devices', 'local'))
  const keys = names.filter((name) => name.endsWith('.key.json')).sort()
  return Promise.all(keys.map((name, index) => openGateway(around, name, index)))
}

async function openGateway(around: Surroundings, file: string, index: number, first = 0): Promise<Gateway> {
  const { home, network, genesisMs, epochMs } = around
  const { sign } = deviceSigner(await readKey(join(home, 'devices', 'local', file), passphrase))
  const honest = (await wireless.facets.simulate!()).find((model) => model.honest)!
  let sequence = first
  return {
    index,
    report(epoch, fields = {}) {
      const startMs = genesisMs + epoch * epochMs
      const scene = { device: index, startMs, endMs: startMs + epochMs, random: () => 0.5 }
      const observations = honest.observe({ ...scene, epoch: uplinks++ % 65_536 }).slice(0, 2)
      const usual = { network, device: index, epoch, sequence: sequence++, timeMs: startMs + 1 }
      return buildReport({ ...usual, ...fields }, observations, sign)
    },
    // Sequences go on: two keys of a device share them.
    useKey: (name) => openGateway(around, `${name}.key.json`, index, sequence + 1_000),
  }
}
