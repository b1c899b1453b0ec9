import { describe, expect, test } from 'vitest'
import { createFairQueue } from './fair-queue.ts'

describe('createFairQueue', () => {
  test('default: sources take turns, each in its own order', () => {
    const [a, b, c] = [{}, {}, {}]
    const queue = createFairQueue<string>()
    for (const job of ['a1', 'a2', 'a3', 'a4']) queue.push(a, job)
    queue.push(b, 'b1')
    expect(queue.shift()).toBe('a1')
    queue.push(c, 'c1')
    queue.push(b, 'b2')
    expect(queue.size).toBe(6)
    expect(queue.drain()).toEqual(['b1', 'a2', 'c1', 'b2', 'a3', 'a4'])
    expect(queue.shift()).toBeUndefined()
    expect(queue.size).toBe(0)
  })
})
