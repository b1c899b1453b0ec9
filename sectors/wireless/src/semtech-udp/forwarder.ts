import { randomInt } from 'node:crypto'
import type { Socket } from 'node:dgram'
import { type Datagram, parseDatagram, serializeDatagram } from './datagram.ts'
import { SemtechUdpError } from './error.ts'
import type { GatewayEui } from './gateway-eui.ts'
import type { GatewayStat } from './gateway-stat.ts'
import type { Rxpk } from './rxpk.ts'
import type { TxAck } from './tx-ack.ts'
import type { Txpk } from './txpk.ts'
import { closedError, closeSocket, connectSocket, openSocket, socketFailure } from './udp-socket.ts'

export type SimulatedForwarderOptions = {
  readonly serverHost: string
  readonly serverPort: number
  readonly gatewayEui: GatewayEui
  /** A packet to emit arrived; the answer becomes the TX_ACK. */
  readonly onDownlink: (txpk: Txpk) => TxAck | Promise<TxAck>
  /** Malformed datagrams, unanswered keepalives, failing handlers and sockets. */
  readonly onError: (error: SemtechUdpError) => void
  /** Between PULL_DATA; default 5000, that of the reference forwarder (`DEFAULT_KEEPALIVE`). */
  readonly keepaliveMs?: number
  /** How long to wait for an acknowledgement before sending again; default 500. */
  readonly ackTimeoutMs?: number
  /** How often a datagram is sent before giving up; default 4. */
  readonly attempts?: number
  /** 0 to 65 535; the default is the system's secure source. */
  readonly randomToken?: () => number
}

/**
 * The gateway's side of the protocol **without a radio**: simulated gateways and the replay of recorded traces send
 * through it. It behaves as the reference forwarder does (one socket up, one down, a keepalive, TX_ACK for every
 * PULL_RESP) and, unlike it, sends a PUSH_DATA again until it is acknowledged, so that a replay loses nothing.
 */
export type SimulatedForwarder = {
  /** Says what it is wherever it is listed beside real gateways. */
  readonly simulated: true
  /** Opens both sockets and resolves when the first PULL_DATA is acknowledged. */
  readonly start: () => Promise<void>
  /** Sends packets, a status, or both; resolves with the number of sendings once acknowledged, else `ACK_TIMEOUT`. */
  readonly push: (rxpk: readonly Rxpk[], stat?: GatewayStat) => Promise<number>
  /** Sends a PULL_DATA now; resolves like `push`. */
  readonly pull: () => Promise<number>
  readonly close: () => Promise<void>
}

type AckWaiter = { readonly settle: () => void; readonly fail: (error: SemtechUdpError) => void }

const ackTimeout = (kind: string, attempts: number): SemtechUdpError =>
  new SemtechUdpError('ACK_TIMEOUT', {
    field: kind,
    value: `${attempts} sendings`,
    problem: 'the server acknowledged none of them.',
    fix: 'Check the server address and that UDP passes in both directions.',
  })

/** One direction: a connected socket and the acknowledgements it waits for, by token. */
const createExchange = (options: SimulatedForwarderOptions, ackKind: 'PUSH_ACK' | 'PULL_ACK') => {
  const attempts = options.attempts ?? 4
  const ackTimeoutMs = options.ackTimeoutMs ?? 500
  const randomToken = options.randomToken ?? (() => randomInt(0x10000))
  const socket: Socket = openSocket(options.serverHost)
  const waiting = new Map<number, AckWaiter>()
  let closed = false

  const send = (bytes: Uint8Array): void => {
    if (closed) return
    socket.send(bytes, (cause) => {
      if (cause) options.onError(socketFailure('forwarder', cause))
    })
  }

  const acknowledged = (token: number, bytes: Uint8Array): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const end = (run: () => void): void => {
        clearTimeout(timer)
        waiting.delete(token)
        run()
      }
      const timer = setTimeout(() => end(() => resolve(false)), ackTimeoutMs)
      waiting.set(token, {
        settle: () => end(() => resolve(true)),
        fail: (error) => end(() => reject(error)),
      })
      send(bytes)
    })

  return {
    socket,
    send,
    connect: () => connectSocket(socket, options.serverHost, options.serverPort),
    /** Builds the datagram around a token no other exchange waits for, and sends it until it is acknowledged. */
    async exchange(build: (token: number) => Datagram): Promise<number> {
      if (closed) throw closedError('forwarder')
      let token = randomToken() & 0xffff
      while (waiting.has(token)) token = (token + 1) & 0xffff
      const datagram = build(token)
      const bytes = serializeDatagram(datagram)
      for (let sent = 1; sent <= attempts; sent++) if (await acknowledged(token, bytes)) return sent
      throw ackTimeout(datagram.kind, attempts)
    },
    receive(datagram: Datagram): void {
      if (datagram.kind === ackKind) waiting.get(datagram.token)?.settle()
    },
    async close() {
      closed = true
      for (const { fail } of [...waiting.values()]) fail(closedError('forwarder'))
      await closeSocket(socket)
    },
  }
}

const toTyped = (cause: unknown): SemtechUdpError =>
  cause instanceof SemtechUdpError
    ? cause
    : new SemtechUdpError('HANDLER_FAILED', {
        field: 'onDownlink',
        value: cause instanceof Error ? cause.message : String(cause),
        problem: 'the handler of a downlink failed.',
        fix: 'See the cause.',
        cause,
      })

/** Creates a simulated gateway's forwarder; no socket is used before `start`. */
export const createSimulatedForwarder = (options: SimulatedForwarderOptions): SimulatedForwarder => {
  const { gatewayEui, onError } = options
  const up = createExchange(options, 'PUSH_ACK')
  const down = createExchange(options, 'PULL_ACK')
  let keepalive: NodeJS.Timeout | undefined

  const pull = (): Promise<number> =>
    down.exchange((token) => ({ kind: 'PULL_DATA', version: 2, token, gatewayEui }))

  const answerDownlink = async (token: number, txpk: Txpk): Promise<void> => {
    let ack: TxAck = { accepted: false, error: 'UNKNOWN' }
    try {
      ack = await options.onDownlink(txpk)
    } catch (cause) {
      onError(toTyped(cause))
    }
    down.send(serializeDatagram({ kind: 'TX_ACK', version: 2, token, gatewayEui, ack }))
  }

  const listen = (exchange: typeof up): void => {
    exchange.socket.on('error', (cause) => onError(socketFailure('forwarder', cause)))
    exchange.socket.on('message', (bytes: Uint8Array) => {
      try {
        const datagram = parseDatagram(bytes)
        if (exchange === down && datagram.kind === 'PULL_RESP')
          void answerDownlink(datagram.token, datagram.txpk)
        else exchange.receive(datagram)
      } catch (cause) {
        onError(toTyped(cause))
      }
    })
  }

  return {
    simulated: true,
    async start() {
      listen(up)
      listen(down)
      await Promise.all([up.connect(), down.connect()])
      await pull()
      keepalive = setInterval(() => void pull().catch(onError), options.keepaliveMs ?? 5000)
      keepalive.unref()
    },
    push: (rxpk, stat) =>
      up.exchange((token) => ({
        kind: 'PUSH_DATA',
        version: 2,
        token,
        gatewayEui,
        rxpk,
        ...(stat === undefined ? {} : { stat }),
      })),
    pull,
    async close() {
      clearInterval(keepalive)
      await Promise.all([up.close(), down.close()])
    },
  }
}
