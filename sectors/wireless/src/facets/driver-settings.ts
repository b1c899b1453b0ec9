import { BaseError, describeValue } from '@cairn/protocol'
import { type GatewayEui, parseGatewayEui } from '../semtech-udp/gateway-eui.ts'

/** Settings of the wireless driver, as they stand in an agent's file: `{"host":"127.0.0.1","port":1700,"gateways":{"0016c001f0000001":"roof"}}`. */
export interface WirelessDriverSettings {
  /** Address to listen on; 127.0.0.1 unless the forwarder runs on another machine. The protocol has no authentication. */
  readonly host: string
  /** UDP port; 1700 by convention, 0 lets the system choose. */
  readonly port: number
  /** Name of the device's key by the EUI of the gateway. */
  readonly gateways: ReadonlyMap<GatewayEui, string>
}

/** Settings that can not be used; code `wrong_setting`. */
export class DriverSettingsError extends BaseError {
  override readonly name = 'DriverSettingsError'
}

const most = { gateways: 10_000, nameChars: 64 }

/** @throws DriverSettingsError naming the first setting that is wrong */
export function parseDriverSettings(json: unknown): WirelessDriverSettings {
  const { host = '127.0.0.1', port = 1700, gateways } = fieldsOf(json, 'settings')
  if (typeof host !== 'string' || host === '' || host.length > 255)
    throw wrong('host', host, 'an address to listen on')
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw wrong('port', port, 'a UDP port from 0 to 65535')
  const entries = Object.entries(fieldsOf(gateways, 'gateways'))
  if (entries.length > most.gateways)
    throw wrong('gateways', entries, `at most ${most.gateways} gateways; run several agents`)
  return { host, port, gateways: new Map(entries.map(([eui, device]) => [euiOf(eui), nameOf(eui, device)])) }
}

function fieldsOf(value: unknown, field: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw wrong(field, value, 'an object')
}

function euiOf(text: string): GatewayEui {
  try {
    return parseGatewayEui(text)
  } catch {
    throw wrong('gateways', text, 'an EUI-64: 16 hex digits, as the forwarder’s gateway_ID')
  }
}

function nameOf(eui: string, device: unknown): string {
  if (typeof device === 'string' && device.length > 0 && device.length <= most.nameChars) return device
  throw wrong(`gateways.${eui}`, device, 'the name of one of the agent’s devices')
}

function wrong(field: string, value: unknown, expected: string): DriverSettingsError {
  return new DriverSettingsError({
    code: 'wrong_setting',
    field,
    value: describeValue(value),
    message: `The wireless driver's setting "${field}" is ${describeValue(value)}; expected ${expected}.`,
    fix: 'Correct it in the agent’s settings and start the agent again.',
  })
}
