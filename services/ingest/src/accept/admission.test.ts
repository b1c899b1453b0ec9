import { describe, expect, test } from 'vitest'
import { createAdmission } from './admission.ts'

const limits = { inFlightBytes: 100, inFlightBytesPerAddress: 60, windowBytes: 40 }

describe('createAdmission', () => {
  test('default: what is released can be taken again', () => {
    const admission = createAdmission(limits)
    const source = { address: 'a' }
    admission.take(source, 40)
    admission.release(source, 40)
    admission.take(source, 40)
    expect(admission.inFlightBytes).toBe(40)
  })

  test('error: names which of the three bounds is reached, and counts nothing then', () => {
    const admission = createAdmission(limits)
    const [a, a2, b, c] = [{ address: 'a' }, { address: 'a' }, { address: 'b' }, { address: 'c' }]
    admission.take(a, 40)
    expect(() => admission.take(a, 1)).toThrow('this connection has 41 bytes')
    expect(() => admission.take(a2, 21)).toThrow('this address has 61 bytes')
    admission.take(b, 40)
    expect(() => admission.take(c, 21)).toThrow('80 of 100 bytes')
    admission.take(c, 20)
    expect(admission.inFlightBytes).toBe(100)
  })
})
