import { type NetworkId, parseReceipt, type Receipt } from '@cairn/protocol'
import type { Epoch, SimulatedDevice } from './simulated-device.ts'

/** Signed reports on their way to an ingest, and every receipt it gave for them. */
export interface Load {
  /** All devices that wait send at once. */
  burst(): void
  /** Requests sent and not answered. */
  readonly unanswered: number
  /** Receipts, each once. */
  readonly receipts: readonly Receipt[]
  /** Answers that were not an acceptance, by code. */
  readonly rejections: Readonly<Record<string, number>>
  /** Bodies that were sent again although they had been answered, and got the same receipts. */
  readonly repeats: number
  /** Ends sending and waits for the last answers. */
  stop(): Promise<void>
}

export interface LoadOptions {
  readonly url: string
  readonly network: NetworkId
  readonly devices: readonly SimulatedDevice[]
  /** The epoch open now; undefined before the first. */
  readonly epochAt: (nowMs: number) => Epoch | undefined
  readonly onReceipts: (receipts: readonly Receipt[]) => void
}

const reportsPerBody = 3
/** Between an answer and the next body of a device, so that it stays under the rate an ingest takes from one device. */
const pauseMs = 300
/** Every so many bodies one is sent a second time after its answer. */
const repeatEvery = 7

type Body = Uint8Array<ArrayBuffer>

/** Starts a sender for each device. What is not answered is sent again, byte for byte, until it is. */
export function startLoad({ url, network, devices, epochAt, onReceipts }: LoadOptions): Load {
  const address = `${url}/v1/networks/${network}/reports`
  const receipts: Receipt[] = []
  const rejections: Record<string, number> = {}
  let unanswered = 0
  let repeats = 0
  let isStopping = false
  let wake = Promise.withResolvers<void>()

  const post = async (body: Body): Promise<Receipt[] | undefined> => {
    unanswered++
    try {
      const answer = await postReports(address, body)
      if (answer === undefined) return undefined
      for (const { code } of answer) if (code !== undefined) rejections[code] = (rejections[code] ?? 0) + 1
      return answer.flatMap(({ receipt }) => (receipt === undefined ? [] : [parseReceipt(receipt)]))
    } finally {
      unanswered--
    }
  }
  const pause = (ms: number) =>
    Promise.race([new Promise((resolve) => setTimeout(resolve, ms)), wake.promise])
  const deliver = async (body: Body): Promise<Receipt[] | undefined> => {
    for (;;) {
      const answered = await post(body)
      if (answered !== undefined || isStopping) return answered
      await pause(100)
    }
  }
  const send = async (device: SimulatedDevice) => {
    for (let sent = 0; !isStopping; sent++) {
      const epoch = epochAt(Date.now())
      if (epoch === undefined) {
        await pause(100)
        continue
      }
      const body = bodyOf(Array.from({ length: reportsPerBody }, () => device.nextReport(epoch, Date.now())))
      const answered = await deliver(body)
      if (answered === undefined) return
      receipts.push(...answered)
      onReceipts(answered)
      if (sent % repeatEvery === 0 && answered.length === reportsPerBody) {
        const again = await post(body)
        if (again?.length === reportsPerBody) {
          requireSame(answered, again)
          repeats++
        }
      }
      await pause(pauseMs)
    }
  }
  const sending = Promise.all(devices.map(send))
  return {
    burst() {
      wake.resolve()
      wake = Promise.withResolvers()
    },
    get unanswered() {
      return unanswered
    },
    receipts,
    rejections,
    get repeats() {
      return repeats
    },
    async stop() {
      isStopping = true
      wake.resolve()
      await sending
    },
  }
}

interface Answer {
  readonly receipt?: unknown
  readonly code?: string
}

/** Undefined when the connection broke, or the ingest said that it can not answer now. */
async function postReports(address: string, body: Body): Promise<readonly Answer[] | undefined> {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.cairn.reports' },
      body,
      signal: AbortSignal.timeout(15_000),
    })
    const text = await response.text()
    return response.status === 200 ? (JSON.parse(text) as { results: Answer[] }).results : undefined
  } catch {
    return undefined
  }
}

function bodyOf(reports: readonly Uint8Array[]): Body {
  return new Uint8Array(
    Buffer.concat(
      reports.flatMap((report) => {
        const length = Buffer.alloc(4)
        length.writeUInt32BE(report.length)
        return [length, report]
      }),
    ),
  )
}

/** The very same report again has the very same place; only the group that a recovered log signs again may be another. */
function requireSame(first: readonly Receipt[], again: readonly Receipt[]): void {
  const place = ({ group, index, recordHash }: Receipt) => `${group.epoch}/${index}/${recordHash}`
  for (const [i, receipt] of first.entries()) {
    if (place(receipt) !== place(again[i]!))
      throw new Error(`The same report got the places ${place(receipt)} and ${place(again[i]!)}.`)
  }
}
