import { receiptHolds } from '@cairn/protocol'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Answer } from '../accept/acceptor.ts'
import { joinBatch, network, signReport } from '../fixtures.ts'
import { codeOf, device, devices, receiptOf, startIngest } from '../running-ingest.fixture.ts'

describe('reports over a stream', () => {
  async function openStream(url: string): Promise<WebSocket> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/networks/${network}/stream`)
    onTestFinished(() => socket.terminate())
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return socket
  }
  const frame = (id: number, reports: readonly Uint8Array[]) => {
    const head = Buffer.alloc(4)
    head.writeUInt32BE(id)
    return Buffer.concat([head, joinBatch(reports)])
  }
  const take = (socket: WebSocket, count: number) =>
    new Promise<{ id: number; answer: { results?: Answer[]; code?: string } }[]>((resolve) => {
      const answers: { id: number; answer: { results?: Answer[]; code?: string } }[] = []
      socket.on('message', (data: Buffer) => {
        answers.push({ id: data.readUInt32BE(0), answer: JSON.parse(data.subarray(4).toString()) })
        if (answers.length === count) resolve(answers)
      })
    })

  test('default: frames are answered in order, each under its id, beyond the window too', async () => {
    const { url } = await startIngest({ limits: { windowFrames: 2 } })
    const socket = await openStream(url)
    const answers = take(socket, 12)
    for (let id = 0; id < 12; id++) {
      socket.send(id === 5 ? Buffer.of(0, 0, 0, 5, 1) : frame(id, [signReport(device, { sequence: id })]))
    }
    const all = await answers
    expect(all.map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, id) => id))
    expect(all[5]!.answer).toMatchObject({ code: 'malformed_body' })
    const receipts = all.flatMap(({ answer }) => (answer.results ?? []).map(receiptOf))
    expect(receipts.map(({ index }) => index)).toEqual(Array.from({ length: 11 }, (_, index) => index))
    expect(receipts.every(receiptHolds)).toBe(true)
  })

  test('behavior: a flood over one connection does not keep another waiting', async () => {
    const { url, post } = await startIngest({ limits: { invalidBurst: 1e9, windowFrames: 64 } })
    const flood = await openStream(url)
    const forged = Array.from({ length: 512 }, (_, sequence) =>
      signReport(devices[1]!, { device: 0, sequence }),
    )
    const flooded = take(flood, 8)
    let isFloodOver = false
    void flooded.then(() => {
      isFloodOver = true
    })
    for (let id = 0; id < 8; id++) flood.send(frame(id, forged))
    expect((await post([signReport(device)])).map(codeOf)).toEqual(['accepted'])
    expect(isFloodOver).toBe(false)
    expect((await flooded).flatMap(({ answer }) => answer.results!.map(codeOf))).toEqual(
      new Array(8 * 512).fill('bad_signature'),
    )
  })
})
