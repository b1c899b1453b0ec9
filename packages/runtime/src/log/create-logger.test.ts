import { expect, test } from 'vitest'
import { createLogger } from './create-logger.ts'

function capture() {
  const lines: Record<string, unknown>[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  return { lines, log: createLogger({ name: 'test', destination }) }
}

test('default: one object a line, with program, level and bigints as text', () => {
  const { lines, log } = capture()
  log.info({ amount: 10n ** 20n, token: '0xabc', hash: new Uint8Array([1, 255]) }, 'paid')
  expect(lines).toMatchObject([
    {
      name: 'test',
      level: 'info',
      msg: 'paid',
      amount: '100000000000000000000',
      token: '0xabc',
      hash: '0x01ff',
    },
  ])
})

test('behavior: secrets are not written, however deep', () => {
  const { lines, log } = capture()
  log.info({
    privateKey: 'leak',
    account: { private_key: 'leak', keys: [{ passphrase: 'leak', Authorization: 'leak', mnemonic: 'leak' }] },
    clientSecret: 'leak',
    apiKey: 'leak',
  })
  expect(JSON.stringify(lines)).not.toContain('leak')
  expect(JSON.stringify(lines).match(/redacted/g)).toHaveLength(7)
})

test('behavior: a cycle ends', () => {
  const { lines, log } = capture()
  const loop: Record<string, unknown> = {}
  loop.self = loop
  log.info(loop)
  expect(JSON.stringify(lines)).toContain('[deep]')
})
