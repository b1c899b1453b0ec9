/**
 * Completes package-lock.json after an install from a registry that does not serve every platform's optional packages:
 * npm leaves those out, and `npm ci` then refuses the file everywhere. Run it after adding a dependency:
 * `node tools/complete-lockfile.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface LockEntry {
  version?: string
  dev?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optional?: boolean
  optionalDependencies?: Record<string, string>
}

const operatingSystems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'win32',
] as const
const processors: Record<string, string> = {
  x64: 'x64',
  amd64: 'x64',
  arm64: 'arm64',
  aarch64: 'arm64',
  arm: 'arm',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  loong64: 'loong64',
}

/**
 * Adds an entry for every optional platform package that has none: the exact version its parent asks for, and the
 * platform its name states. Without a hash: npm checks the registry's own.
 *
 * @throws Error when a name states no platform, or the parent does not ask for one exact version.
 */
export function completeLockfile(packages: Record<string, LockEntry>): Record<string, LockEntry> {
  const completed = { ...packages }
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (`node_modules/${name}` in completed || `${path}/node_modules/${name}` in completed) continue
      completed[`node_modules/${name}`] = {
        version: exactVersion(path, name, version),
        ...platformOf(path, name),
        ...(entry.dev === true ? { dev: true } : {}),
        optional: true,
      }
    }
  }
  return Object.fromEntries(Object.entries(completed).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function exactVersion(path: string, name: string, version: string): string {
  if (/^\d+\.\d+\.\d+/.test(version)) return version
  throw new Error(
    `${path} asks for ${name} at "${version}". The lockfile has no entry for it, and one can be made only from an exact version. ` +
      'Run `npm install` against a registry that serves it.',
  )
}

function platformOf(path: string, name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const words = name.slice(name.indexOf('/') + 1).split('-')
  const os = operatingSystems.find((candidate) => words.includes(candidate))
  const cpu = words.map((word) => processors[word]).find((candidate) => candidate !== undefined)
  if (os === undefined || cpu === undefined) {
    throw new Error(
      `${path} asks for ${name}, whose name states no operating system and processor Cairn knows. ` +
        'Add them to tools/complete-lockfile.ts, or run `npm install` against a registry that serves it.',
    )
  }
  const libc =
    os !== 'linux' ? undefined : /musl/.test(name) ? 'musl' : /gnu/.test(name) ? 'glibc' : undefined
  return { cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }), os: [os] }
}

if (import.meta.main) {
  const url = new URL('../package-lock.json', import.meta.url)
  const lock = JSON.parse(readFileSync(url, 'utf8'))
  const before = Object.keys(lock.packages).length
  lock.packages = completeLockfile(lock.packages)
  writeFileSync(url, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`${Object.keys(lock.packages).length - before} platform packages added to package-lock.json`)
}
