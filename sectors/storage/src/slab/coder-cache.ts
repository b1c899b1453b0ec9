import type { ErasureCode } from '../erasure/erasure-code.ts'
import { createErasureCoder, type ErasureCoder } from '../erasure/erasure-coder.ts'

/** A coder for each code that is used, made once. */
export function createCoderCache(): (code: ErasureCode) => ErasureCoder {
  const coders = new Map<string, ErasureCoder>()
  return (code) => {
    const name = `${code.dataRows}/${code.rows}`
    const known = coders.get(name)
    if (known !== undefined) return known
    const coder = createErasureCoder(code)
    coders.set(name, coder)
    return coder
  }
}
