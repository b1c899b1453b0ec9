import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodyRoot } from '../report/body-root.ts'
import { spansOf } from './body-spans.fixture.ts'
import { deriveBodyRoots } from './derive-body-roots.ts'

describe('deriveBodyRoots', () => {
  it('behavior: many bodies have the roots they have one by one, empty and mixed ones included', () => {
    const body = fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 9 })
    fc.assert(
      fc.property(fc.array(body, { maxLength: 6 }), (bodies) => {
        const { buffer, spans } = spansOf(bodies)
        expect([...deriveBodyRoots(buffer, spans)]).toEqual(bodies.flatMap((body) => [...bodyRoot(body)]))
      }),
    )
  })
})
