import type { FetchBytes } from './fetch-evidence.ts'

/** {@link FetchBytes} over HTTP with a time limit; stops reading as soon as a body is longer than allowed. */
export function httpFetch(timeoutMs = 30_000): FetchBytes {
  return async (url, maxBytes) => {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' })
    if (!response.ok) throw new Error(`${response.status} ${response.statusText} from ${url}`)
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of response.body ?? []) {
      size += part.length
      if (size > maxBytes) throw new Error(`more than ${maxBytes} bytes from ${url}`)
      parts.push(part)
    }
    const bytes = new Uint8Array(size)
    let at = 0
    for (const part of parts) {
      bytes.set(part, at)
      at += part.length
    }
    return bytes
  }
}
