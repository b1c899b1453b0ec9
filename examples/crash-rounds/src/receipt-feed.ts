import type { NetworkId, Receipt } from '@cairn/protocol'

/** Receipts on their way to a watcher. */
export interface ReceiptFeed {
  push(receipts: readonly Receipt[]): void
  /** Lets so many receipts wait and then sends them in one request; resolves when it does. */
  gather(count: number): Promise<void>
  /** Requests sent and not answered. */
  readonly unanswered: number
  /** Receipts that the watcher said it took. */
  readonly taken: readonly Receipt[]
  /** Why others were refused, by code; they are sent again. */
  readonly refusals: Readonly<Record<string, number>>
  stop(): Promise<void>
}

const mostAtOnce = 48
const pauseMs = 200

/** Hands receipts to the watcher as agents do, again until it took them. */
export function startReceiptFeed({ url, network }: { url: string; network: NetworkId }): ReceiptFeed {
  const address = `${url}/v1/networks/${network}/receipts`
  const waiting: Receipt[] = []
  const taken: Receipt[] = []
  const refusals: Record<string, number> = {}
  let unanswered = 0
  let isStopping = false
  let least = 1
  let sending = Promise.withResolvers<void>()

  const post = async (receipts: readonly Receipt[]) => {
    unanswered++
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ receipts }),
        signal: AbortSignal.timeout(10_000),
      })
      if (response.status !== 200) return undefined
      return (await response.json()) as { refused: { at: number; code: string }[] }
    } catch {
      return undefined
    } finally {
      unanswered--
    }
  }
  /** Sends what waits, and keeps what was not taken. Returns whether to go on at once. */
  const sendSome = async (): Promise<boolean> => {
    const some = waiting.splice(0, mostAtOnce)
    const answering = post(some)
    sending.resolve()
    sending = Promise.withResolvers()
    const answer = await answering
    if (answer === undefined) {
      waiting.unshift(...some)
      return false
    }
    const refused = new Set(answer.refused.map(({ at }) => at))
    for (const { code } of answer.refused) refusals[code] = (refusals[code] ?? 0) + 1
    taken.push(...some.filter((_, at) => !refused.has(at)))
    waiting.push(...some.filter((_, at) => refused.has(at)))
    return refused.size === 0
  }
  const run = async () => {
    while (!isStopping) {
      const isDue = waiting.length >= least
      if (isDue) least = 1
      if (!(isDue && (await sendSome()))) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  const running = run()
  return {
    push: (receipts) => void waiting.push(...receipts),
    async gather(count) {
      least = count
      while (least === count && !isStopping) await sending.promise
    },
    get unanswered() {
      return unanswered
    },
    taken,
    refusals,
    async stop() {
      isStopping = true
      sending.resolve()
      await running
    },
  }
}
