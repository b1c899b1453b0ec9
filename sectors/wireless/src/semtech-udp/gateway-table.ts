import type { ProtocolVersion } from './datagram.ts'
import type { GatewayEui } from './gateway-eui.ts'
import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

/** Where a datagram came from. */
export type UdpAddress = { readonly address: string; readonly port: number }

/** What is remembered of a gateway. PUSH and PULL come from two sockets of a forwarder, so from two addresses. */
export type GatewayRoute = {
  readonly bucket: TokenBucket
  push?: UdpAddress
  pull?: UdpAddress & { readonly version: ProtocolVersion; readonly seenAtMs: number }
}

/** The gateways heard last, at most `maxGateways`; the one silent for longest is forgotten first. */
export type GatewayTable = {
  readonly size: () => number
  readonly find: (eui: GatewayEui) => GatewayRoute | undefined
  /** Finds or adds a gateway and makes it the most recent. */
  readonly touch: (eui: GatewayEui, nowMs: number) => GatewayRoute
}

/** `perSecond` and `burst` bound each gateway's datagrams. */
export const createGatewayTable = (options: {
  readonly maxGateways: number
  readonly perSecond: number
  readonly burst: number
}): GatewayTable => {
  // A Map iterates in insertion order, so re-inserting on touch keeps the oldest first.
  const routes = new Map<GatewayEui, GatewayRoute>()
  const evictOldest = (): void => {
    const oldest = routes.keys().next()
    if (!oldest.done) routes.delete(oldest.value)
  }
  return {
    size: () => routes.size,
    find: (eui) => routes.get(eui),
    touch(eui, nowMs) {
      const known = routes.get(eui)
      const route = known ?? { bucket: createTokenBucket(options.perSecond, options.burst, nowMs) }
      if (known !== undefined) routes.delete(eui)
      else if (routes.size >= options.maxGateways) evictOldest()
      routes.set(eui, route)
      return route
    },
  }
}
