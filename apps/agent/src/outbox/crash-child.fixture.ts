/** A process that works with an outbox until it is killed, and says on standard output what was promised to it. */
import { writeSync } from 'node:fs'
import { buildReport, parseNetworkId } from '@cairn/protocol'
import { openOutbox } from './outbox.ts'

const [path, run, compactBytes] = process.argv.slice(2) as [string, string, string]
const network = parseNetworkId(`0x${'a9'.repeat(28)}`)
/** Not a signature that verifies: low s, so that it is left as it is. */
const sign = () => new Uint8Array(64).fill(1)
// Synchronous, so that a line is either out or was never written.
const say = (line: string): void => void writeSync(1, `${line}\n`)

const outbox = await openOutbox({ path, compactBytes: Number(compactBytes), reserveSequences: 4 })
say('open')

const keep = async (name: string): Promise<void> => {
  await outbox.keep({ device: 1, receivedMs: 1000, bytes: new TextEncoder().encode(name) })
  say(`kept ${name}`)
}
const report = async (): Promise<void> => {
  const waiting = outbox.waiting().slice(0, 5)
  const sequence = await outbox.takeSequence(1, 100)
  // From here on the sequence may be out in the world.
  say(`sequence ${sequence}`)
  const fields = { network, device: 1, epoch: 0, sequence, timeMs: 1000 }
  const { headerBytes, signature } = buildReport(
    fields,
    waiting.map(({ bytes }) => bytes),
    sign,
  ).report
  await outbox.addReport({ headerBytes, signature, observationIds: waiting.map(({ id }) => id) })
  const done = outbox.reports().slice(0, sequence % 3)
  const how = sequence % 2 === 0 ? 'settled' : 'returned'
  if (how === 'settled')
    for (const { bytes } of done.flatMap(({ observations }) => observations))
      say(`settling ${new TextDecoder().decode(bytes)}`)
  await outbox.endReports(done, how)
}

for (let i = 0; ; i++) {
  await Promise.all([0, 1, 2].map((part) => keep(`${run}/${i}/${part}`)))
  await report()
}
