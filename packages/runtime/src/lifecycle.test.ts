import { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import { createLifecycle } from './lifecycle.ts'
import { createLogger } from './log/create-logger.ts'

const log = createLogger({ name: 'test', level: 'silent' })

test('default: starts in order, stops in the opposite order, once', async () => {
  const life = createLifecycle({ log })
  const events: string[] = []
  for (const name of ['chain', 'ingest', 'verifier']) {
    const value = await life.start(name, () => {
      events.push(`+${name}`)
      return { value: name.length, stop: async () => void events.push(`-${name}`) }
    })
    expect(value).toBe(name.length)
  }
  expect(life.signal.aborted).toBe(false)
  await Promise.all([life.stop(), life.stop()])
  await life.done
  expect(life.signal.aborted).toBe(true)
  expect(events).toEqual(['+chain', '+ingest', '+verifier', '-verifier', '-ingest', '-chain'])
})

test('error: a part that does not start stops the ones before it, and its error goes on', async () => {
  const life = createLifecycle({ log })
  const stop = vi.fn()
  await life.start('chain', () => ({ value: 1, stop }))
  const failing = life.start('ingest', () => {
    throw new Error('no disk')
  })
  await expect(failing).rejects.toThrow('no disk')
  await expect(life.done).rejects.toThrow('no disk')
  expect(stop).toHaveBeenCalledOnce()
  await expect(life.start('late', () => ({ value: 1 }))).rejects.toThrow('Stopped')
})

test('error: a watched task that fails stops everything; one that is aborted does not fail', async () => {
  const life = createLifecycle({ log })
  const { promise, reject } = Promise.withResolvers<void>()
  life.watch('loop', promise)
  reject(new Error('lost'))
  await expect(life.done).rejects.toThrow('lost')

  const calm = createLifecycle({ log })
  calm.watch(
    'loop',
    new Promise((_, fail) => calm.signal.addEventListener('abort', () => fail(calm.signal.reason))),
  )
  await calm.stop()
  await expect(calm.done).resolves.toBeUndefined()
})

test('error: a part that hangs or throws while stopping does not keep the others', async () => {
  const life = createLifecycle({ log, stopTimeoutMs: 5 })
  const stop = vi.fn()
  await life.start('first', () => ({ value: 1, stop }))
  await life.start('throws', () => ({ value: 1, stop: () => Promise.reject(new Error('x')) }))
  await life.start('hangs', () => ({ value: 1, stop: () => new Promise(() => {}) }))
  await life.stop()
  expect(stop).toHaveBeenCalledOnce()
})

test('behavior: a part that was starting when the stop came is stopped too', async () => {
  const life = createLifecycle({ log })
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = vi.fn()
  const starting = life.start('slow', async () => {
    await promise
    return { value: 1, stop }
  })
  await life.stop()
  resolve()
  await expect(starting).rejects.toThrow('Stopped')
  expect(stop).toHaveBeenCalledOnce()
})

test('behavior: the first signal stops, the second ends the process, and no listener stays', async () => {
  const process = Object.assign(new EventEmitter(), { exit: vi.fn() })
  const life = createLifecycle({ log, process: process as never })
  await life.start('part', () => ({ value: 1, stop: () => Promise.resolve() }))
  process.emit('SIGTERM', 'SIGTERM')
  expect(life.signal.aborted).toBe(true)
  process.emit('SIGINT', 'SIGINT')
  expect(process.exit).toHaveBeenCalledWith(130)
  await life.done
  expect(process.listenerCount('SIGINT')).toBe(0)
})
