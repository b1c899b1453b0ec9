import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  evidenceTree,
  type Hex,
  type NetworkId,
  parseReport,
  type Receipt,
  type Report,
  type ReportHeader,
  recordHash,
  toHex,
} from '@cairn/protocol'
import { sha256 } from '@cairn/runtime'
import type { RecoverSigner } from './ingest/receipt-check.ts'

/** What a fake ingest does with one report instead of taking it. */
export type Verdict = { readonly code: string } | undefined

export interface FakeIngest {
  readonly url: string
  readonly address: Hex
  /** Reports it took, each once, in order. */
  readonly accepted: Report[]
  /** Headers it was offered, in order. */
  readonly offered: ReportHeader[]
  /** Bodies posted to it as to a watcher. */
  readonly posted: unknown[]
  judge: (header: ReportHeader) => Verdict
  /** Takes over the whole answer. */
  answer: ((response: ServerResponse, results: unknown[]) => void) | undefined
  /** Changes receipts before they are given. */
  bend: (receipt: Receipt) => Receipt
  clockMs: () => number
  close(): Promise<void>
}

/** In tests, a signature is the signer's address and zeros. */
export const recoverFake: RecoverSigner = (_, signature) => signature.slice(0, 42) as Hex

/** A server with the interface of an ingest and of a watcher, in memory, whose behaviour a test sets. */
export async function startFakeIngest(
  network: NetworkId,
  clockMs: () => number,
  port = 0,
): Promise<FakeIngest> {
  const receipts = new Map<string, Receipt>()
  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const bound = (server.address() as AddressInfo).port
  const address = `0x${bound.toString(16).padStart(40, '0')}` as Hex
  const ingest: FakeIngest = {
    url: `http://127.0.0.1:${bound}`,
    address,
    accepted: [],
    offered: [],
    posted: [],
    judge: () => undefined,
    answer: undefined,
    bend: (receipt) => receipt,
    clockMs,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  const take = (bytes: Uint8Array): unknown => {
    const report = parseReport(bytes)
    ingest.offered.push(report.header)
    const verdict = ingest.judge(report.header)
    if (verdict !== undefined)
      return { status: 'rejected', ...verdict, message: `Not this one: ${verdict.code}.`, fix: 'Mend it.' }
    const hash = recordHash(report.headerBytes, report.signature, sha256)
    const known = receipts.get(toHex(hash))
    if (known === undefined) ingest.accepted.push(report)
    const receipt = known ?? receiptOf(network, report.header.epoch, receipts.size, hash, address)
    receipts.set(toHex(hash), receipt)
    return { status: 'accepted', receipt: ingest.bend(receipt) }
  }
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request).catch(() => undefined)
    if (body === undefined) return
    const path = request.url?.replace(`/v1/networks/${network}`, '')
    if (path === '/clock') return void response.end(JSON.stringify({ nowMs: ingest.clockMs() }))
    if (path === '/receipts') {
      ingest.posted.push(JSON.parse(body.toString()))
      return void response.writeHead(204).end()
    }
    if (path !== '/reports') return void response.writeHead(404).end('{}')
    const results = unframe(body).map(take)
    if (ingest.answer === undefined) response.end(JSON.stringify({ results }))
    else ingest.answer(response, results)
  }
  return ingest
}

function receiptOf(
  network: NetworkId,
  epoch: number,
  first: number,
  hash: Uint8Array,
  address: Hex,
): Receipt {
  const group = { network, epoch, first, count: 1, batchRoot: toHex(evidenceTree(hash).root) }
  return { group, signature: `${address}${'00'.repeat(45)}`, index: first, path: [], recordHash: toHex(hash) }
}

function unframe(body: Buffer): Uint8Array[] {
  const reports: Uint8Array[] = []
  for (let at = 0; at < body.length; ) {
    const length = body.readUInt32BE(at)
    reports.push(new Uint8Array(body.subarray(at + 4, at + 4 + length)))
    at += 4 + length
  }
  return reports
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
