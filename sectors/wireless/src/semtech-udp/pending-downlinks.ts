import { SemtechUdpError } from './error.ts'
import type { GatewayEui } from './gateway-eui.ts'
import type { UdpAddress } from './gateway-table.ts'
import type { TxAck } from './tx-ack.ts'
import { closedError } from './udp-socket.ts'

type Pending = {
  readonly to: UdpAddress
  readonly settle: (ack: TxAck) => void
  readonly fail: (error: SemtechUdpError) => void
  readonly timer: NodeJS.Timeout
}

/** Downlinks sent and not yet answered, by gateway and token. */
export type PendingDownlinks = {
  /** Reserves a token not in use for this gateway, calls `send` with it and waits for the TX_ACK. */
  readonly add: (eui: GatewayEui, to: UdpAddress, send: (token: number) => void) => Promise<TxAck>
  /** False where no downlink with this token awaits an answer from this address. */
  readonly settle: (eui: GatewayEui, token: number, from: UdpAddress, ack: TxAck) => boolean
  readonly fail: (eui: GatewayEui, token: number, error: SemtechUdpError) => void
  readonly close: () => void
}

const timeoutError = (eui: GatewayEui, timeoutMs: number): SemtechUdpError =>
  new SemtechUdpError('DOWNLINK_TIMEOUT', {
    field: `downlink to ${eui}`,
    value: `${timeoutMs} ms`,
    problem: 'the gateway sent no TX_ACK in that time; it may or may not have emitted the packet.',
    fix: 'Try another gateway, or check that its forwarder speaks protocol version 2 and reaches this port.',
  })

/** `randomToken` gives 0 to 65 535 and must not be guessable, since an off-path sender could else forge a TX_ACK. */
export const createPendingDownlinks = (options: {
  readonly timeoutMs: number
  readonly maxPending: number
  readonly randomToken: () => number
}): PendingDownlinks => {
  const pending = new Map<string, Pending>()
  const take = (key: string): Pending | undefined => {
    const found = pending.get(key)
    if (found === undefined) return undefined
    pending.delete(key)
    clearTimeout(found.timer)
    return found
  }
  const keyOf = (eui: GatewayEui, token: number): string => `${eui}/${token}`
  const freeToken = (eui: GatewayEui): number => {
    let token = options.randomToken() & 0xffff
    // maxPending is far below 65 536, so a free token is near.
    while (pending.has(keyOf(eui, token))) token = (token + 1) & 0xffff
    return token
  }
  return {
    async add(eui, to, send) {
      if (pending.size >= options.maxPending)
        throw new SemtechUdpError('DOWNLINK_QUEUE_FULL', {
          field: 'downlinks',
          value: pending.size,
          problem: 'that many downlinks already await their TX_ACK.',
          fix: 'Send fewer at a time or raise maxPendingDownlinks.',
        })
      const token = freeToken(eui)
      const key = keyOf(eui, token)
      send(token)
      return new Promise<TxAck>((settle, fail) => {
        const timer = setTimeout(
          () => take(key)?.fail(timeoutError(eui, options.timeoutMs)),
          options.timeoutMs,
        )
        pending.set(key, { to, settle, fail, timer })
      })
    },
    settle(eui, token, from, ack) {
      const key = keyOf(eui, token)
      const found = pending.get(key)
      if (found === undefined || found.to.address !== from.address || found.to.port !== from.port)
        return false
      take(key)?.settle(ack)
      return true
    },
    fail: (eui, token, error) => take(keyOf(eui, token))?.fail(error),
    close() {
      for (const key of [...pending.keys()]) take(key)?.fail(closedError('server'))
    },
  }
}
