import type { NetworkId } from '@cairn/protocol'

/** What an ingest says of one report. */
export interface Answer {
  readonly status: 'accepted' | 'rejected'
  readonly receipt?: unknown
  readonly code?: string
  readonly message?: string
  readonly fix?: string
}

/** Where reports go. */
export interface Destination {
  readonly url: string
  readonly network: NetworkId
}

/** Sends reports in one body. @throws when the ingest does not answer */
export async function postReports(to: Destination, reports: readonly Uint8Array[]): Promise<Answer[]> {
  const { status, text } = await postBody(to, joinReports(reports))
  if (status !== 200) throw new Error(`${to.url} answered ${status}: ${text}`)
  return (JSON.parse(text) as { results: Answer[] }).results
}

/** Sends bytes as they are. */
export async function postBody(
  { url, network }: Destination,
  body: Uint8Array<ArrayBuffer>,
  contentType = 'application/vnd.cairn.reports',
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${url}/v1/networks/${network}/reports`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
    signal: AbortSignal.timeout(15_000),
  })
  return { status: response.status, text: await response.text() }
}

/** Sends to the first ingest that answers, as agents do. */
export async function postWithFailover(
  urls: readonly string[],
  network: NetworkId,
  reports: readonly Uint8Array[],
): Promise<{ readonly url: string; readonly answers: readonly Answer[] }> {
  const failures: unknown[] = []
  for (const url of urls) {
    try {
      return { url, answers: await postReports({ url, network }, reports) }
    } catch (error) {
      failures.push(error)
    }
  }
  throw new AggregateError(failures, 'No ingest took the reports.')
}

/** The body of a request: every report after its length. */
export function joinReports(reports: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
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
