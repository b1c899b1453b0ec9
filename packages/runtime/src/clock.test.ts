import { expect, test } from 'vitest'
import { manualClock, systemClock } from './clock.ts'

test('default: a manual clock wakes what is over, in order', async () => {
  const clock = manualClock(100)
  const woken: number[] = []
  const both = [20, 10].map((ms) => clock.sleep(ms).then(() => woken.push(ms)))
  const later = clock.sleep(50).then(() => woken.push(50))
  clock.advance(30)
  await Promise.all(both)
  expect(woken).toEqual([10, 20])
  expect(clock.now()).toBe(130)
  clock.advance(20)
  await later
})

test('behavior: the system clock sleeps at least as long as asked', async () => {
  const clock = systemClock()
  const before = clock.now()
  await clock.sleep(5)
  expect(clock.now() - before).toBeGreaterThanOrEqual(5)
})

test.each([
  ['system', systemClock()],
  ['manual', manualClock()],
])('behavior: an aborted sleep of the %s clock rejects with the reason', async (_, clock) => {
  const abort = new AbortController()
  const sleep = clock.sleep(60_000, abort.signal)
  abort.abort(new Error('enough'))
  await expect(sleep).rejects.toThrow('enough')
  await expect(clock.sleep(1, abort.signal)).rejects.toThrow('enough')
})
