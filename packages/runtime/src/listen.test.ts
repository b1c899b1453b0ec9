import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { listen } from './listen.ts'

const here = { host: '127.0.0.1', port: 0 }

test('default: it says which port it was given', async () => {
  const server = createServer()
  expect(await listen(server, here)).toBeGreaterThan(0)
  await once(server.close(), 'close')
})

test('error: where something listens already, and on an address of another machine', async () => {
  const first = createServer()
  const port = await listen(first, here)
  await expect(listen(createServer(), { ...here, port })).rejects.toMatchObject({
    code: 'address_not_available',
    value: `127.0.0.1:${port}`,
    message: expect.stringContaining('something listens there already'),
  })
  await expect(listen(createServer(), { host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
    message: expect.stringContaining('not one of this machine'),
  })
  await once(first.close(), 'close')
})
