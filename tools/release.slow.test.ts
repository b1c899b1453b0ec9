import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { packRelease } from './release.ts'
import { root } from './source-files.ts'

test('behavior: the published tarball installs and runs', { timeout: 300_000 }, async ({ skip }) => {
  skip(!existsSync(join(root, 'apps/cli/src/main.ts')), 'apps/cli/src/main.ts does not exist yet')
  const folder = mkdtempSync(join(tmpdir(), 'cairn-install-'))
  try {
    const tarball = await packRelease({ root, app: 'apps/cli', outdir: folder })
    writeFileSync(join(folder, 'package.json'), '{"private":true}')
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', tarball], { cwd: folder })
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
    const cairn = (...args: string[]) =>
      execFileSync(join(folder, 'node_modules/.bin/cairn'), args, { cwd: folder, env, encoding: 'utf8' })
    const { version } = JSON.parse(readFileSync(join(root, 'apps/cli/package.json'), 'utf8'))
    expect(cairn('--version')).toContain(version)
    expect(cairn('--help')).toContain('Usage: cairn')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
