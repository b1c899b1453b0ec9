import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Source } from '../accept/source.ts'
import { IngestError } from '../ingest-error.ts'
import { type IngestView, toProblem } from './app.ts'
import { parseBatch } from './parse-batch.ts'
import { serializeAnswers } from './serialize-answers.ts'

/** The WebSocket half of the interface. */
export interface Streams {
  /** Takes over a connection that asked to be upgraded. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Takes no more frames, answers those it has, then closes the connections. */
  stop(): Promise<void>
}

const idBytes = 4
const pingMs = 30_000
/** Going away (RFC 6455 §7.4.1). */
const goingAway = 1001

/**
 * Serves streams. A connection has a window of frames and bytes that are not answered yet; when it is full the socket is not
 * read, so the sender's TCP window fills and nobody else waits.
 */
export function createStreams(view: IngestView): Streams {
  const { limits } = view
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.bodyBytes + idBytes,
    clientTracking: false,
  })
  const open = new Map<WebSocket, { isAlive: boolean; answered: Promise<void> }>()
  let isStopping = false

  const heartbeat = setInterval(() => {
    for (const [socket, state] of open) {
      if (!state.isAlive) socket.terminate()
      state.isAlive = false
      socket.ping()
    }
  }, pingMs)
  heartbeat.unref()

  const serve = (socket: WebSocket, source: Source) => {
    const state = { isAlive: true, answered: Promise.resolve() }
    let frames = 0
    let heldBytes = 0
    open.set(socket, state)
    const resize = (frame: number, bytes: number) => {
      frames += frame
      heldBytes += bytes
      const isFull = frames >= limits.windowFrames || heldBytes >= limits.windowBytes - limits.bodyBytes
      if (isFull && !socket.isPaused) socket.pause()
      else if (!isFull && socket.isPaused) socket.resume()
    }
    socket.on('pong', () => {
      state.isAlive = true
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => open.delete(socket))
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isStopping) return
      if (!isBinary || data.length < idBytes) {
        socket.close(1003, 'A frame is a request id u32 and reports, in binary.')
        return
      }
      const { length } = data
      resize(1, length)
      const answer = answerFrame(view, data, source)
      state.answered = state.answered.then(async () => {
        await send(socket, await answer)
        resize(-1, -length)
      })
    })
  }

  return {
    upgrade(request, socket, head) {
      if (isStopping) return void socket.destroy()
      const source = view.sourceOf(request.socket)
      server.handleUpgrade(request, socket, head, (stream) => serve(stream, source))
    },
    async stop() {
      isStopping = true
      clearInterval(heartbeat)
      await Promise.all(
        [...open].map(async ([socket, state]) => {
          await state.answered
          socket.close(goingAway, 'The ingest is stopping.')
        }),
      )
      server.close()
    },
  }
}

/** The answer to a frame: its id, then JSON. It never rejects. */
async function answerFrame(view: IngestView, frame: Buffer, source: Source): Promise<Buffer> {
  const { acceptor, admission, limits } = view
  const body = new Uint8Array(frame.buffer, frame.byteOffset + idBytes, frame.length - idBytes)
  let isHeld = false
  try {
    admission.take(source, frame.length)
    isHeld = true
    const results = await acceptor.accept(parseBatch(body, limits.bodyReports), source)
    return withId(frame, serializeAnswers(results))
  } catch (error) {
    if (error instanceof IngestError) return withId(frame, jsonBytes(toProblem(error)))
    view.onError(error)
    const problem = {
      code: 'internal',
      message: 'The ingest failed to answer.',
      fix: 'Send the frame again.',
    }
    return withId(frame, jsonBytes(problem))
  } finally {
    if (isHeld) admission.release(source, frame.length)
  }
}

const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

function withId(frame: Buffer, answer: Buffer): Buffer {
  return Buffer.concat([frame.subarray(0, idBytes), answer])
}

/** Resolves when the frame left this process, or the connection ended. */
function send(socket: WebSocket, frame: Buffer): Promise<void> {
  return new Promise((resolve) => socket.send(frame, { binary: true }, () => resolve()))
}
