import { createLogger } from '@cairn/runtime'
import { describe, expect, it } from 'vitest'
import { createLanes } from './lanes.ts'

const log = createLogger({ name: 'test', level: 'silent' })

describe('createLanes', () => {
  it('default: a lane that is busy is not begun again, and keeps no other waiting', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const ran: string[] = []
    const lanes = createLanes(
      [
        {
          name: 'slow',
          run: async () => {
            ran.push('slow')
            await promise
          },
        },
        { name: 'fast', run: async (now) => void ran.push(`fast ${now}`) },
      ],
      log,
    )
    const first = lanes.step(1)
    await Promise.resolve()
    const second = lanes.step(2)
    // Both lanes' first runs have begun; a turn of the loop lets the fast one end.
    await new Promise((done) => setImmediate(done))
    const third = lanes.step(3)
    resolve()
    await Promise.all([first, second, third])
    expect(ran.filter((name) => name === 'slow')).toHaveLength(1)
    expect(ran).toContain('fast 3')
  })

  it('error: a lane that fails says why, and is begun again', async () => {
    let fails = true
    const lanes = createLanes(
      [
        {
          name: 'shaky',
          run: async () => {
            if (fails) throw new Error('not now')
          },
        },
      ],
      log,
    )
    await lanes.step(1)
    expect(lanes.problems).toEqual(new Map([['shaky', 'not now']]))
    fails = false
    await lanes.step(2)
    expect(lanes.problems.size).toBe(0)
  })
})
