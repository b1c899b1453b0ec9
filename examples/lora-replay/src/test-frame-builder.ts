import { nodeAes128 } from '@cairn/sector-wireless/lorawan/block-cipher'
import { buildDataFrame } from '@cairn/sector-wireless/lorawan/build-data-frame'
import { createCipherCache } from '@cairn/sector-wireless/lorawan/cipher-cache'
import type { BuildFrame } from './rebuild-frame.ts'

/** The wireless sector's frame builder with OpenSSL's AES. */
export function testFrameBuilder(): BuildFrame {
  const cipher = createCipherCache(nodeAes128, 64)
  return (plan) => buildDataFrame(cipher, plan)
}
