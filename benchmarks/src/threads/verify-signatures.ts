import { createHash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { signedContent } from '@cairn/protocol'
import { createVerifyP256, deviceSigner } from '@cairn/runtime'

/** Signatures that one thread checked, and the time that took: on the clock, and of the processor in user mode, which is what `openssl speed` counts. */
export interface CheckSpan {
  readonly checks: number
  readonly wallSeconds: number
  readonly cpuSeconds: number
}

/** Thread of the row `signature-checks`: asked for milliseconds, it checks signatures for so long and answers with a {@link CheckSpan}. */
const port = parentPort!
const verify = createVerifyP256()

const signed = Array.from({ length: 512 }, (_, i) => {
  const signer = deviceSigner(
    createHash('sha256')
      .update(`device ${i % 64}`)
      .digest(),
  )
  const content = signedContent(new Uint8Array(83).fill(i))
  return { key: signer.key, content, signature: signer.sign(content) }
})

port.on('message', (durationMs: number) => {
  const start = performance.now()
  const end = start + durationMs
  const cpuBefore = process.threadCpuUsage()
  let checks = 0
  while (performance.now() < end) {
    for (let i = 0; i < 16; i++, checks++) {
      const { key, content, signature } = signed[checks % signed.length]!
      if (!verify(key, content, signature)) throw new Error('a true signature did not verify')
    }
  }
  const { user } = process.threadCpuUsage(cpuBefore)
  const span: CheckSpan = {
    checks,
    wallSeconds: (performance.now() - start) / 1e3,
    cpuSeconds: user / 1e6,
  }
  port.postMessage(span)
})
port.postMessage('ready')
