import { SemtechUdpError } from './error.ts'

declare const gatewayEuiBrand: unique symbol

/** A gateway's EUI-64 as 16 lower-case hex digits, in the byte order of the datagram (bytes 4 to 11). */
export type GatewayEui = string & { readonly [gatewayEuiBrand]: true }

export const GATEWAY_EUI_BYTES = 8

/** Accepts 16 hex digits in either case; throws {@link SemtechUdpError} `FIELD_INVALID` on anything else. */
export const parseGatewayEui = (text: string): GatewayEui => {
  if (/^[0-9a-fA-F]{16}$/.test(text)) return text.toLowerCase() as GatewayEui
  throw new SemtechUdpError('FIELD_INVALID', {
    field: 'gatewayEui',
    value: text,
    problem: 'an EUI-64 is expected.',
    fix: 'Pass 16 hex digits without separators.',
  })
}

/** Reads the EUI at `offset`; the caller has checked that eight bytes are there. */
export const readGatewayEui = (bytes: Uint8Array, offset: number): GatewayEui => {
  let text = ''
  for (const byte of bytes.subarray(offset, offset + GATEWAY_EUI_BYTES))
    text += byte.toString(16).padStart(2, '0')
  return text as GatewayEui
}

/** The eight bytes of an EUI. */
export const gatewayEuiBytes = (eui: GatewayEui): Uint8Array =>
  Uint8Array.from({ length: GATEWAY_EUI_BYTES }, (_, i) => Number.parseInt(eui.slice(2 * i, 2 * i + 2), 16))
