/**
 * The 32-bit frame counter of a frame that carries its low 16 bits, given the highest counter accepted so far: the
 * smallest value above it with these low bits. Undefined where none is left, since a device must then join anew.
 * The result is a guess to be confirmed by the MIC; a replayed frame guesses a value that its MIC does not match.
 * LoRaWAN 1.1 §4.3.1.5.
 */
export const deriveFullFrameCounter = (last: number | undefined, low16: number): number | undefined => {
  if (last === undefined) return low16
  const candidate = last - (last % 0x1_0000) + low16
  const next = candidate > last ? candidate : candidate + 0x1_0000
  return next <= 0xffff_ffff ? next : undefined
}
