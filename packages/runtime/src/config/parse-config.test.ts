import { expect, test } from 'vitest'
import { z } from 'zod'
import { ConfigError, parseConfig } from './parse-config.ts'

const schema = z.strictObject({
  rpcUrl: z.url().default('http://127.0.0.1:8545'),
  port: z.int().min(0).max(65_535).default(8080),
  isPublic: z.boolean().default(false),
  chainName: z.string().default('local'),
  ingests: z.array(z.string()).default([]),
  passphrase: z.string().min(8).optional(),
})

test('default: flags win over environment, over file, over defaults', () => {
  const config = parseConfig({
    schema,
    file: { port: 1, chainName: 'file', isPublic: true },
    env: { CAIRN_PORT: '2', CAIRN_CHAIN_NAME: '31337', CAIRN_INGESTS: '["a"]', CAIRN_IS_PUBLIC: '' },
    flags: { port: 3, chainName: undefined },
  })
  expect(config).toEqual({
    rpcUrl: 'http://127.0.0.1:8545',
    port: 3,
    isPublic: true,
    chainName: '31337',
    ingests: ['a'],
  })
})

test('error: every field at fault is named with its value, what was expected and where to change it', () => {
  const parse = () =>
    parseConfig({ schema, file: { prot: 1 }, env: { CAIRN_PORT: '70000', CAIRN_PASSPHRASE: 'short' } })
  expect(parse).toThrow(ConfigError)
  expect(parse).toThrow(/port \(CAIRN_PORT\) is 70000: .*65535/)
  expect(parse).toThrow(/prot/)
  expect(parse).toThrow(/passphrase \(CAIRN_PASSPHRASE\) is \[redacted\]/)
  expect(parse).not.toThrow(/short"/)
})

test('error: a file that is no object', () => {
  expect(() => parseConfig({ schema, file: [] })).toThrow(ConfigError)
})
