import {
  HttpRequestError,
  SocketClosedError,
  TimeoutError,
  BaseError as ViemError,
  WebSocketRequestError,
} from 'viem'

/** Whether an error means that the endpoint did not answer, and not that it answered with an error. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof ViemError)) return false
  const cause = error.walk((inner) =>
    [HttpRequestError, TimeoutError, WebSocketRequestError, SocketClosedError].some(
      (kind) => inner instanceof kind,
    ),
  )
  return cause !== null
}
