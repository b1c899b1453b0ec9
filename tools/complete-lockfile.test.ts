import { describe, expect, test } from 'vitest'
import { completeLockfile } from './complete-lockfile.ts'

describe('completeLockfile', () => {
  test('default: adds what is missing, with the platform its name states', () => {
    const packages = {
      'node_modules/forge': {
        dev: true,
        optionalDependencies: { '@foundry-rs/forge-darwin-amd64': '1.7.1' },
      },
      'node_modules/oxc': { optionalDependencies: { '@oxc/binding-linux-riscv64-musl': '0.1.0' } },
    }
    expect(completeLockfile(packages)).toEqual({
      'node_modules/@foundry-rs/forge-darwin-amd64': {
        version: '1.7.1',
        os: ['darwin'],
        cpu: ['x64'],
        dev: true,
        optional: true,
      },
      'node_modules/@oxc/binding-linux-riscv64-musl': {
        version: '0.1.0',
        os: ['linux'],
        cpu: ['riscv64'],
        libc: ['musl'],
        optional: true,
      },
      ...packages,
    })
  })

  test('behavior: leaves entries that are there as they are', () => {
    const packages = {
      'node_modules/a': { optionalDependencies: { 'a-linux-x64': '1.0.0' } },
      'node_modules/a-linux-x64': { version: '1.0.0', os: ['linux'] },
    }
    expect(completeLockfile(packages)).toEqual(packages)
  })

  test('error: a version that is not exact', () => {
    const packages = { 'node_modules/a': { optionalDependencies: { 'a-linux-x64': '^1.0.0' } } }
    expect(() => completeLockfile(packages)).toThrow('a-linux-x64 at "^1.0.0"')
  })

  test('error: a name without a platform', () => {
    const packages = { 'node_modules/a': { optionalDependencies: { fsevents: '1.0.0' } } }
    expect(() => completeLockfile(packages)).toThrow('states no operating system')
  })
})
