import { writeFileSync } from 'node:fs'
import { SIGNATURE_BYTES, signedContent } from '@cairn/protocol'
import { benchSigners, reportsOf } from '../workloads/epoch-workload.ts'

/** Process that signs the reports of devices `from` … `to`, of so many observations each, and writes the signatures, 64 bytes each, to a file. */
const [from, to, observationsEach] = process.argv.slice(2, 5).map(Number) as [number, number, number]
const signers = benchSigners()
const signatures = new Uint8Array(SIGNATURE_BYTES * (to - from))
let device = from
for (const { headerBytes } of reportsOf(from, to, observationsEach)) {
  const signature = signers[device % signers.length]!.sign(signedContent(headerBytes))
  signatures.set(signature, SIGNATURE_BYTES * (device - from))
  device++
}
writeFileSync(process.argv[5]!, signatures)
console.log(JSON.stringify({ signatures: to - from }))
