import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePort, isPortFree, isPortOpen } from './port.ts'

test('default: a port that can be listened on, and no outgoing connection is given', async () => {
  for (let i = 0; i < 20; i++) {
    const port = await freePort()
    expect(port).toBeGreaterThanOrEqual(10_240)
    expect(port).toBeLessThan(32_768)
    expect(await isPortOpen(port)).toBe(false)
  }
})

test('behavior: where somebody listens it is not free', async () => {
  const server = createServer()
  const port = await freePort()
  await once(server.listen(port, '127.0.0.1'), 'listening')
  expect([await isPortFree(port), await isPortOpen(port)]).toEqual([false, true])
  await once(server.close(), 'close')
  expect(await isPortFree(port)).toBe(true)
})

test('error: an address that is not of this machine', async () => {
  await expect(freePort('192.0.2.1')).rejects.toMatchObject({ code: 'no_free_port', value: '192.0.2.1' })
})
