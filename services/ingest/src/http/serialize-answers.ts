import type { Receipt } from '@cairn/protocol'
import type { Answer } from '../accept/acceptor.ts'

/**
 * `{"results": answers}` as the bytes of its JSON. Every accepted report is answered with a kilobyte of hex. `JSON.stringify` would look for what has to be escaped in it, and the text of
 * a whole answer would be copied three times on its way out; so the text of each receipt is put together here and written where it stays.
 */
export function serializeAnswers(answers: readonly Answer[]): Buffer {
  const groupText = rememberGroups()
  const texts = answers.map((answer) =>
    answer.status === 'accepted' ? acceptedText(answer.receipt, groupText) : JSON.stringify(answer),
  )
  let size = opening.length + closing.length + Math.max(0, texts.length - 1)
  texts.forEach((text, i) => {
    size += answers[i]!.status === 'accepted' ? text.length : Buffer.byteLength(text)
  })
  const bytes = Buffer.allocUnsafe(size)
  let at = bytes.write(opening, 'latin1')
  texts.forEach((text, i) => {
    if (i > 0) bytes[at++] = comma
    at += bytes.write(text, at, answers[i]!.status === 'accepted' ? 'latin1' : 'utf8')
  })
  bytes.write(closing, at, 'latin1')
  return bytes
}

const opening = '{"results":['
const closing = ']}'
const comma = 0x2c

/** Nothing but hex and integers, so a character is a byte. */
function acceptedText(receipt: Receipt, groupText: (receipt: Receipt) => string): string {
  const { index, path, recordHash } = receipt
  let nodes = ''
  for (const node of path) nodes += nodes === '' ? `"${node}"` : `,"${node}"`
  return `{"status":"accepted","receipt":{${groupText(receipt)},"index":${index},"path":[${nodes}],"recordHash":"${recordHash}"}}`
}

/** The text of a group is made once for all its receipts. */
function rememberGroups(): (receipt: Receipt) => string {
  const known = new Map<Receipt['group'], string>()
  return ({ group, signature }) => {
    const text = known.get(group) ?? `"group":${JSON.stringify(group)},"signature":"${signature}"`
    known.set(group, text)
    return text
  }
}
