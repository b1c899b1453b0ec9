import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readLastGood } from './read-last-good.ts'
import { writeAtomic } from './write-atomic.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'cairn-files-'))
const parse = (bytes: Buffer) => JSON.parse(bytes.toString()) as unknown

test('default: replaces the content and leaves nothing beside it', async () => {
  const home = folder()
  const path = join(home, 'deep', 'state.json')
  await writeAtomic(path, '1', { mode: 0o600 })
  await writeAtomic(path, '2', { mode: 0o600 })
  expect(readFileSync(path, 'utf8')).toBe('2')
  expect(readdirSync(join(home, 'deep'))).toEqual(['state.json'])
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('behavior: the one before is kept, and read when the newest is damaged or gone', async () => {
  const path = join(folder(), 'state.json')
  expect(await readLastGood(path, parse)).toBeUndefined()
  await writeAtomic(path, '1', { keepLast: true })
  await writeAtomic(path, '2', { keepLast: true })
  expect(await readLastGood(path, parse)).toMatchObject({ value: 2, passedOver: undefined })
  writeFileSync(path, '{"trunc')
  const found = await readLastGood(path, parse)
  expect(found?.value).toBe(1)
  expect(found?.passedOver).toBeInstanceOf(SyntaxError)
})

test('error: no file parses', async () => {
  const path = join(folder(), 'state.json')
  writeFileSync(path, '{')
  await expect(readLastGood(path, parse)).rejects.toThrow(SyntaxError)
})

test('error: a failed write leaves the old file and no temporary one', async () => {
  const home = folder()
  await writeAtomic(join(home, 'state.json'), '1')
  await expect(writeAtomic(join(home, 'state.json'), 5 as unknown as string)).rejects.toThrow()
  expect(readdirSync(home)).toEqual(['state.json'])
  expect(readFileSync(join(home, 'state.json'), 'utf8')).toBe('1')
})
