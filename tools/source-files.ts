import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of the whole repository. */
export const root = join(import.meta.dirname, '..')

/**
 * The paths, relative to {@link root} and with forward slashes, of the files that are or would be tracked: what git
 * ignores is not the repository's. Files deleted but not yet committed are left out.
 */
export function listSourceFiles(): string[] {
  const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const paths = output.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
  return [...new Set(paths)].sort()
}

/** Generated files obey the program that writes them, not the rules for people. */
export function isGenerated(path: string): boolean {
  return /(^|\/)generated\//.test(path) || path === 'package-lock.json'
}
