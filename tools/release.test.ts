import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { packRelease } from './release.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cairn-release-test-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A repository with an app that uses a workspace, a lazy part, a worker and a data file. */
function writeRepository(overrides: Record<string, string> = {}): void {
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ workspaces: ['packages/*', 'apps/*'] }),
    'package-lock.json': JSON.stringify({ packages: { 'node_modules/pino': { version: '10.4.0' } } }),
    LICENSE: 'Apache-2.0',
    'apps/cli/package.json': JSON.stringify({
      name: 'cairn',
      version: '0.1.0',
      type: 'module',
      bin: { cairn: './src/main.ts' },
      dependencies: { '@stand/in': '*' },
    }),
    'apps/cli/src/main.ts': [
      "import { readFileSync } from 'node:fs'",
      "import { Worker } from 'node:worker_threads'",
      "import { greet } from '@stand/in'",
      "import manifest from '../package.json' with { type: 'json' }",
      "const word: string = readFileSync(new URL('./word.txt', import.meta.url), 'utf8')",
      "const { lazy } = await import('./lazy.ts')",
      "new Worker(new URL('./deep/worker.ts', import.meta.url)).on('message', (text: string) => {",
      '  console.log([manifest.version, greet(word), lazy, text].join(" "))',
      '})',
    ].join('\n'),
    'apps/cli/src/lazy.ts': "export const lazy: string = 'lazily'",
    'apps/cli/src/word.txt': 'stone',
    'apps/cli/src/deep/worker.ts': [
      "import { parentPort } from 'node:worker_threads'",
      "import { greet } from '@stand/in'",
      "parentPort?.postMessage(greet('worker'))",
    ].join('\n'),
    'packages/in/package.json': JSON.stringify({
      name: '@stand/in',
      type: 'module',
      exports: './src/index.ts',
      dependencies: { pino: '^10.0.0' },
    }),
    'packages/in/src/index.ts': "export const greet = (name: string): string => 'hello ' + name",
    ...overrides,
  }
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  mkdirSync(join(root, 'node_modules/@stand'), { recursive: true })
  symlinkSync(join(root, 'packages/in'), join(root, 'node_modules/@stand/in'))
}

const pack = () => packRelease({ root, app: 'apps/cli', outdir: join(root, 'out') })

describe('packRelease', () => {
  test('default: the packed program runs without its sources', async () => {
    writeRepository()
    const tarball = await pack()
    const unpacked = join(root, 'unpacked')
    mkdirSync(unpacked)
    execFileSync('tar', ['xzf', tarball, '-C', unpacked])
    rmSync(join(root, 'apps'), { recursive: true })
    rmSync(join(root, 'packages'), { recursive: true })
    const output = execFileSync(join(unpacked, 'package/dist/main.js'), { encoding: 'utf8' })
    expect(output).toBe('0.1.0 hello stone lazily hello worker\n')
  })

  test('behavior: declares what its workspaces declare, at locked versions', async () => {
    writeRepository()
    const manifest = execFileSync('tar', ['xzOf', await pack(), 'package/package.json'], { encoding: 'utf8' })
    expect(JSON.parse(manifest)).toMatchObject({
      name: 'cairn',
      bin: { cairn: 'dist/main.js' },
      engines: { node: '>=24' },
      dependencies: { pino: '10.4.0' },
    })
  })

  test('error: an import that nothing declares', async () => {
    writeRepository({ 'apps/cli/src/lazy.ts': "export { default as lazy } from 'left-pad'" })
    await expect(pack()).rejects.toThrow('imports left-pad, which no workspace in it declares')
  })

  test('error: an app without a program', async () => {
    writeRepository({ 'apps/cli/package.json': '{"name":"cairn","version":"0.1.0"}' })
    await expect(pack()).rejects.toThrow('apps/cli/package.json names no program')
  })
})
