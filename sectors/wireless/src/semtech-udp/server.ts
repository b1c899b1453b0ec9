import { randomInt } from 'node:crypto'
import { type Datagram, type PushData, parseDatagram, peekGatewayEui, serializeDatagram } from './datagram.ts'
import { SemtechUdpError } from './error.ts'
import type { GatewayEui } from './gateway-eui.ts'
import type { GatewayStat } from './gateway-stat.ts'
import { createGatewayTable, type GatewayTable, type UdpAddress } from './gateway-table.ts'
import { createPendingDownlinks, type PendingDownlinks } from './pending-downlinks.ts'
import type { Rxpk } from './rxpk.ts'
import { createTokenBucket } from './token-bucket.ts'
import type { TxAck } from './tx-ack.ts'
import type { Txpk } from './txpk.ts'
import { bindSocket, closedError, closeSocket, openSocket, socketFailure } from './udp-socket.ts'

export type SemtechUdpServerOptions = {
  /** The local address to listen on, e.g. `127.0.0.1`, `0.0.0.0` or `::`. */
  readonly host: string
  /** 1700 by convention; 0 lets the system choose. */
  readonly port: number
  /**
   * Called for every accepted PUSH_DATA, after its PUSH_ACK was sent, as the protocol orders. A forwarder that lost an
   * acknowledgement may send the same packets again: tell them apart by `tmst` and payload.
   */
  readonly onUplink: (
    gatewayEui: GatewayEui,
    rxpk: readonly Rxpk[],
    stat?: GatewayStat,
  ) => void | Promise<void>
  /** Called for malformed datagrams, failing handlers and sockets; never for datagrams over a rate. */
  readonly onError: (error: SemtechUdpError, from?: UdpAddress) => void
  /** Milliseconds, for rates and route age. */
  readonly now: () => number
  /** Gateways remembered; default 10 000. */
  readonly maxGateways?: number
  /** Datagrams a second of a known gateway, on average; default 100. Twice as many may come at once. */
  readonly perGatewayPerSecond?: number
  /** Datagrams a second of all gateways not yet known; default 1000. */
  readonly newGatewaysPerSecond?: number
  /** How long a PULL_DATA keeps the return path; default 60 000 (forwarders send one every 5 to 30 s). */
  readonly pullRouteTtlMs?: number
  /** How long to wait for a TX_ACK; default 5000. */
  readonly downlinkTimeoutMs?: number
  /** Downlinks awaiting TX_ACK; default 1024. */
  readonly maxPendingDownlinks?: number
  /** Handlers of uplinks running at once; more are dropped unacknowledged. Default 1024. */
  readonly maxUplinksInFlight?: number
  /** 0 to 65 535, unpredictable; the default is the system's secure source. */
  readonly randomToken?: () => number
}

/** Datagrams since the start. */
export type SemtechUdpServerCounters = {
  received: number
  malformed: number
  rateLimited: number
  overloaded: number
  uplinks: number
  downlinks: number
}

/**
 * A server for Semtech UDP packet forwarders. The protocol has no authentication: whoever sends a PULL_DATA with a
 * gateway's EUI receives its downlinks. Bind it to loopback or a private network next to the gateway; what is paid for
 * is the device-signed report, not this datagram.
 */
export type SemtechUdpServer = {
  /** Binds the socket and returns the address it got. */
  readonly start: () => Promise<UdpAddress>
  /**
   * Sends a packet for the gateway to emit, to where its last PULL_DATA came from. Resolves with the gateway's answer,
   * refusals included; rejects with `NO_PULL_ROUTE`, `DOWNLINK_QUEUE_FULL`, `DOWNLINK_TIMEOUT`, `SOCKET_FAILED` or
   * `CLOSED`.
   */
  readonly sendDownlink: (gatewayEui: GatewayEui, txpk: Txpk) => Promise<TxAck>
  readonly counters: () => Readonly<SemtechUdpServerCounters>
  /** Gateways remembered now. */
  readonly gatewayCount: () => number
  /** Rejects what is pending and frees the port. */
  readonly close: () => Promise<void>
}

const noRoute = (eui: GatewayEui): SemtechUdpError =>
  new SemtechUdpError('NO_PULL_ROUTE', {
    field: `downlink to ${eui}`,
    value: eui,
    problem: 'no recent PULL_DATA of this gateway says where to send.',
    fix: 'Wait for its next keepalive, or send through another gateway.',
  })

const unexpectedAck = (eui: GatewayEui, token: number): SemtechUdpError =>
  new SemtechUdpError('TX_ACK_UNEXPECTED', {
    field: `TX_ACK of ${eui}`,
    value: token,
    problem: 'no downlink with this token awaits an answer from this address.',
    fix: 'Raise downlinkTimeoutMs if the gateway is slow; otherwise someone guesses tokens.',
  })

const handlerFailure = (cause: unknown): SemtechUdpError =>
  new SemtechUdpError('HANDLER_FAILED', {
    field: 'onUplink',
    value: cause instanceof Error ? cause.message : String(cause),
    problem: 'the handler of an acknowledged uplink failed, so the uplink is lost.',
    fix: 'See the cause.',
    cause,
  })

type Receiver = {
  readonly options: SemtechUdpServerOptions
  readonly gateways: GatewayTable
  readonly pending: PendingDownlinks
  readonly counters: SemtechUdpServerCounters
  readonly reply: (datagram: Datagram, to: UdpAddress) => void
}

/** Runs the uplink handler with a bound on how many run at once; false where there is no room. */
const createUplinkRunner = (options: SemtechUdpServerOptions) => {
  const maxInFlight = options.maxUplinksInFlight ?? 1024
  let inFlight = 0
  return {
    hasRoom: () => inFlight < maxInFlight,
    async run({ gatewayEui, rxpk, stat }: PushData): Promise<void> {
      inFlight++
      try {
        await (stat === undefined
          ? options.onUplink(gatewayEui, rxpk)
          : options.onUplink(gatewayEui, rxpk, stat))
      } catch (cause) {
        options.onError(handlerFailure(cause))
      } finally {
        inFlight--
      }
    },
  }
}

/** What the server does with a parsed datagram. */
const createReceiver = ({ options, gateways, pending, counters, reply }: Receiver) => {
  const { now, onError } = options
  const uplinks = createUplinkRunner(options)

  const acceptPush = (datagram: PushData, from: UdpAddress): void => {
    if (!uplinks.hasRoom()) {
      counters.overloaded++
      return
    }
    gateways.touch(datagram.gatewayEui, now()).push = from
    counters.uplinks++
    reply({ kind: 'PUSH_ACK', version: datagram.version, token: datagram.token }, from)
    void uplinks.run(datagram)
  }

  return (datagram: Datagram, from: UdpAddress): void => {
    if (datagram.kind === 'PUSH_DATA') acceptPush(datagram, from)
    else if (datagram.kind === 'PULL_DATA') {
      const { version, token } = datagram
      gateways.touch(datagram.gatewayEui, now()).pull = { ...from, version, seenAtMs: now() }
      reply({ kind: 'PULL_ACK', version, token }, from)
    } else if (datagram.kind === 'TX_ACK') {
      if (!pending.settle(datagram.gatewayEui, datagram.token, from, datagram.ack))
        onError(unexpectedAck(datagram.gatewayEui, datagram.token), from)
    } else {
      throw new SemtechUdpError('IDENTIFIER_UNKNOWN', {
        field: 'identifier',
        value: datagram.kind,
        problem: 'only a server sends it.',
        fix: 'Point the packet forwarder, not another server, at this port.',
      })
    }
  }
}

/** Rate, then parse, then act; the typed error of any step goes to `onError`. */
const createListener = (receiver: Receiver): ((bytes: Uint8Array, from: UdpAddress) => void) => {
  const { options, gateways, counters } = receiver
  const newPerSecond = options.newGatewaysPerSecond ?? 1000
  const newcomers = createTokenBucket(newPerSecond, newPerSecond, options.now())
  const receive = createReceiver(receiver)
  return (bytes, from) => {
    counters.received++
    const eui = peekGatewayEui(bytes)
    const bucket = (eui === undefined ? undefined : gateways.find(eui)?.bucket) ?? newcomers
    if (!bucket.take(options.now())) {
      counters.rateLimited++
      return
    }
    try {
      receive(parseDatagram(bytes), from)
    } catch (error) {
      if (!(error instanceof SemtechUdpError)) throw error
      counters.malformed++
      options.onError(error, from)
    }
  }
}

/** Creates a server; nothing is bound before `start`. */
export const createSemtechUdpServer = (options: SemtechUdpServerOptions): SemtechUdpServer => {
  const { onError, now } = options
  const perSecond = options.perGatewayPerSecond ?? 100
  const pullRouteTtlMs = options.pullRouteTtlMs ?? 60_000
  const gateways = createGatewayTable({
    maxGateways: options.maxGateways ?? 10_000,
    perSecond,
    burst: 2 * perSecond,
  })
  const pending = createPendingDownlinks({
    timeoutMs: options.downlinkTimeoutMs ?? 5000,
    maxPending: options.maxPendingDownlinks ?? 1024,
    randomToken: options.randomToken ?? (() => randomInt(0x10000)),
  })
  const counters = { received: 0, malformed: 0, rateLimited: 0, overloaded: 0, uplinks: 0, downlinks: 0 }
  const socket = openSocket(options.host)
  let closed = false

  const send = (bytes: Uint8Array, to: UdpAddress, failed: (error: SemtechUdpError) => void): void =>
    socket.send(bytes, to.port, to.address, (cause) => {
      if (cause) failed(socketFailure(`${to.address}:${to.port}`, cause))
    })
  const reply = (datagram: Datagram, to: UdpAddress): void => send(serializeDatagram(datagram), to, onError)

  const listen = createListener({ options, gateways, pending, counters, reply })
  socket.on('message', (bytes, { address, port }) => {
    if (!closed) listen(bytes, { address, port })
  })

  return {
    async start() {
      const { address, port } = await bindSocket(socket, options.host, options.port)
      socket.on('error', (cause) => onError(socketFailure('server', cause)))
      return { address, port }
    },
    async sendDownlink(gatewayEui, txpk) {
      if (closed) throw closedError('server')
      const pull = gateways.find(gatewayEui)?.pull
      if (pull === undefined || now() - pull.seenAtMs > pullRouteTtlMs) throw noRoute(gatewayEui)
      return pending.add(gatewayEui, pull, (token) => {
        const bytes = serializeDatagram({ kind: 'PULL_RESP', version: pull.version, token, txpk })
        counters.downlinks++
        send(bytes, pull, (error) => pending.fail(gatewayEui, token, error))
      })
    },
    counters: () => ({ ...counters }),
    gatewayCount: gateways.size,
    async close() {
      closed = true
      pending.close()
      await closeSocket(socket)
    },
  }
}
