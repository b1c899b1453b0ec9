import type { Logger } from '@cairn/runtime'

const eui = /^[0-9a-f]{16}$/

/**
 * LoRa gateways among a home's devices, by EUI: their keys are named by it. Others, as the disks of a storage operator, are not for the driver; each is told, since it
 * may be a gateway whose name was mistyped.
 */
export function loraGateways(
  names: readonly string[],
  log: Pick<Logger, 'info'>,
): Readonly<Record<string, string>> {
  for (const name of names.filter((name) => !eui.test(name)))
    log.info({ name }, 'this device has no EUI for a name, so it is no LoRa gateway: nothing is heard for it')
  return Object.fromEntries(names.filter((name) => eui.test(name)).map((name) => [name, name]))
}
