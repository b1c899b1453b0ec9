/** Rows of bytes that look random and are the same every time: a xorshift of 32 bits. */
export function sampleRows(count: number, rowBytes: number): Uint8Array[] {
  let state = 1
  return Array.from({ length: count }, () =>
    Uint8Array.from({ length: rowBytes }, () => {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return state
    }),
  )
}
