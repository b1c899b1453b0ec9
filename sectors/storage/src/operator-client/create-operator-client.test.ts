import { createServer, type RequestListener, type Server } from 'node:http'
import { parseNetworkId } from '@cairn/protocol'
import { createVerifyP256, deviceSigner, listen, sha256 } from '@cairn/runtime'
import { afterEach, expect, test } from 'vitest'
import { patterned } from '../patterned.fixture.ts'
import { deriveReceiptMessage, encodeRowReceipt } from '../wire/row-receipt.ts'
import { createOperatorClient, type OperatorClient } from './create-operator-client.ts'

const device = deviceSigner(new Uint8Array(32).fill(7))
const network = parseNetworkId(`0x${'0d'.repeat(28)}`)
const slab = patterned(32)
const opened: { server: Server; client: OperatorClient }[] = []

afterEach(async () => {
  for (const { server, client } of opened.splice(0)) {
    client.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

const openClient = async (answer: RequestListener, timeoutMs = 2_000) => {
  const server = createServer(answer)
  const port = await listen(server, { host: '127.0.0.1', port: 0 })
  const client = createOperatorClient({
    url: `http://127.0.0.1:${port}/under/`,
    network,
    device: 4,
    key: device.key,
    orders: async (action, bytes) => `Cairn ${action} ${bytes}`,
    verifyP256: createVerifyP256(),
    sha256,
    timeoutMs,
  })
  opened.push({ server, client })
  return client
}

const upload = { slab, row: 1, descriptor: patterned(40), bytes: patterned(100) }

test('default: a row is put over a socket that is kept, and its receipt is verified', async () => {
  const sockets = new Set<unknown>()
  const seen: string[] = []
  const client = await openClient(async (request, response) => {
    sockets.add(request.socket)
    const body = Buffer.concat(await request.toArray())
    seen.push(`${request.method} ${request.url} ${request.headers.authorization} ${body.length}`)
    const promise = { network, device: 4, slab, row: 1, keptUntil: 9 }
    const signature = device.sign(deriveReceiptMessage(promise))
    response.writeHead(201).end(encodeRowReceipt({ keptUntil: 9, signature }))
  })
  expect((await client.putRow(upload)).keptUntil).toBe(9)
  await client.putRow(upload)
  const hex = Buffer.from(slab).toString('hex')
  expect(seen[0]).toBe(`PUT /under/slabs/${hex}/1 Cairn write 100 144`)
  expect(sockets.size).toBe(1)
})

test('behavior: when the operator has closed all sockets that were kept, another is opened', async () => {
  const seen = new WeakSet<object>()
  const client = await openClient((request, response) => {
    if (seen.has(request.socket)) return request.socket.resetAndDestroy()
    seen.add(request.socket)
    const answer = JSON.stringify({ network, device: 4, freeBytes: 1, slabBytes: 2 })
    setTimeout(() => response.writeHead(200).end(answer), 20)
  })
  // Several at once keep as many sockets, and one alone finds each of them closed.
  const infos = await Promise.all([1, 2, 3, 4].map(() => client.fetchInfo()))
  expect(infos.map(({ freeBytes }) => freeBytes)).toEqual([1, 1, 1, 1])
  expect((await client.fetchInfo()).freeBytes).toBe(1)
})

test('error: a receipt for another row', async () => {
  const client = await openClient((request, response) => {
    request.resume()
    const promise = { network, device: 4, slab, row: 2, keptUntil: 9 }
    const signature = device.sign(deriveReceiptMessage(promise))
    response.writeHead(201).end(encodeRowReceipt({ keptUntil: 9, signature }))
  })
  await expect(client.putRow(upload)).rejects.toMatchObject({ code: 'wrong_receipt' })
})

test('error: what the operator says, with its status; or nothing that can be read', async () => {
  const client = await openClient((request, response) => {
    request.resume()
    if (request.method === 'DELETE') response.writeHead(500).end('<html>')
    else
      response.writeHead(507).end(JSON.stringify({ code: 'disk_full', message: 'No room.', fix: 'Go on.' }))
  })
  await expect(client.putRow(upload)).rejects.toMatchObject({ code: 'disk_full', status: 507, fix: 'Go on.' })
  await expect(client.deleteRow(slab, 1)).rejects.toMatchObject({ code: 'malformed_reply', status: 500 })
})

test('error: an operator that says nothing, sends too much, breaks off, or is not there', async () => {
  const silent = await openClient(() => {}, 50)
  await expect(silent.fetchInfo()).rejects.toMatchObject({ code: 'operator_timeout' })
  const endless = await openClient((_, response) => {
    response.writeHead(200).end(Buffer.alloc(600_000))
  })
  const range = { slab, row: 0, rowBytes: 100 }
  await expect(endless.fetchRow(range)).rejects.toMatchObject({ code: 'malformed_reply' })
  const broken = await openClient((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy())
  })
  await expect(broken.fetchRow(range)).rejects.toMatchObject({ code: 'operator_unreachable' })
  const nobody = await openClient(() => {})
  const { server } = opened.at(-1)!
  await new Promise((resolve) => server.close(resolve))
  await expect(nobody.fetchInfo()).rejects.toMatchObject({ code: 'operator_unreachable' })
})

test('error: a signal that ends a call is the reason it fails for', async () => {
  const client = await openClient(() => {})
  const abort = new AbortController()
  const call = client.fetchRow({ slab, row: 0, rowBytes: 10 }, { signal: abort.signal })
  abort.abort(new Error('no longer wanted'))
  await expect(call).rejects.toThrow('no longer wanted')
})
