import type { Clock } from '@cairn/runtime'
import { createSimulatedForwarder } from '@cairn/sector-wireless/semtech-udp/forwarder'
import { type GatewayEui, parseGatewayEui } from '@cairn/sector-wireless/semtech-udp/gateway-eui'
import type { PlannedReception } from './plan-replay.ts'

/** What the reference forwarder fetches from its concentrator at a time (`NB_PKT_MAX`), and how long it sleeps when there was nothing (`FETCH_SLEEP_MS`). */
const PACKETS_AT_ONCE = 8
const FETCH_SLEEP_MS = 10
/** How often a datagram is sent before it is given up. */
const ATTEMPTS = 8

/** What forwarders sent, all together. */
export interface Sent {
  /** PUSH_DATA datagrams, those sent again not counted. */
  datagrams: number
  /** Packets in them. */
  receptions: number
  /** Packets in datagrams that were acknowledged. */
  acked: number
  /** Packets in datagrams that were sent again, each time counted. */
  resent: number
  /** Packets that no PUSH_ACK came for. */
  readonly unacked: PlannedReception[]
}

/** A gateway's packet forwarder, without a radio: sends what it is given as the reference forwarder does, one datagram at a time. */
export interface Forwarder {
  start(): Promise<void>
  hear(reception: PlannedReception): void
  /** Packets heard and not sent yet. */
  waiting(): number
  /** Resolves when everything heard is acknowledged or given up. */
  idle(): Promise<void>
  close(): Promise<void>
}

export interface ForwarderOptions {
  readonly eui: string
  readonly serverPort: number
  readonly clock: Clock
  readonly sent: Sent
}

export function createForwarder({ eui, serverPort, clock, sent }: ForwarderOptions): Forwarder {
  const forwarder = createSimulatedForwarder({
    serverHost: '127.0.0.1',
    serverPort,
    gatewayEui: parseGatewayEui(eui) as GatewayEui,
    onDownlink: () => ({ accepted: false, error: 'TX_FREQ' }),
    // What is not acknowledged shows in the counts; an unanswered keepalive alone costs nothing.
    onError: () => {},
    attempts: ATTEMPTS,
  })
  const queue: PlannedReception[] = []
  let running: Promise<void> | undefined

  const push = async (batch: readonly PlannedReception[]): Promise<void> => {
    sent.datagrams++
    sent.receptions += batch.length
    try {
      const sendings = await forwarder.push(batch.map(({ rxpk }) => rxpk))
      sent.acked += batch.length
      sent.resent += (sendings - 1) * batch.length
    } catch {
      sent.resent += (ATTEMPTS - 1) * batch.length
      sent.unacked.push(...batch)
    }
  }
  const run = async (): Promise<void> => {
    while (queue.length > 0) {
      await push(queue.splice(0, PACKETS_AT_ONCE))
      if (queue.length < PACKETS_AT_ONCE) await clock.sleep(FETCH_SLEEP_MS)
    }
    running = undefined
  }
  return {
    start: forwarder.start,
    hear(reception) {
      queue.push(reception)
      running ??= run()
    },
    waiting: () => queue.length,
    idle: async () => running,
    close: forwarder.close,
  }
}
