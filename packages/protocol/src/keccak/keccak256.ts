import { openKernel } from './kernel.ts'
import { blockBytes, digestBytes, layout } from './memory-layout.ts'

/** As many whole blocks as the kernel's input holds. */
const inputBlockBytes = layout.inputBytes - (layout.inputBytes % blockBytes)

/**
 * The keccak-256 digest of `message`, of any length: 32 bytes of its own.
 *
 * Keccak as Ethereum uses it, with the padding of the original submission (0x01), not that of SHA3-256.
 */
export const keccak256 = (message: Uint8Array): Uint8Array => {
  const { bytes, absorb } = openKernel()
  let taken = 0
  while (message.length - taken >= inputBlockBytes) {
    bytes.set(message.subarray(taken, taken + inputBlockBytes), layout.input)
    absorb(layout.input, inputBlockBytes / blockBytes, taken)
    taken += inputBlockBytes
  }
  const rest = taken === 0 ? message : message.subarray(taken)
  const blocks = Math.floor(rest.length / blockBytes) + 1
  const end = layout.input + blocks * blockBytes
  bytes.set(rest, layout.input)
  bytes.fill(0, layout.input + rest.length, end)
  bytes[layout.input + rest.length] = 0x01
  bytes[end - 1]! |= 0x80
  absorb(layout.input, blocks, taken)
  return bytes.slice(layout.digest, layout.digest + digestBytes)
}
