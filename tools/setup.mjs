// Makes a fresh checkout runnable. Plain JavaScript and no dependencies: it runs before anything is installed, on whatever Node
// (20 or newer) started npm. When nothing is to do it reads two files and returns.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name) => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)
const stampPath = join(root, 'node_modules', '.cairn-setup')
const nodeMajorMin = 24

const lock = readFileSync(join(root, 'package-lock.json'))
const stamp = `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`

const isInstalled = existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp
if (!isInstalled || !['forge', 'anvil'].every((name) => existsSync(bin(name)))) {
  install()
  requireNode()
  requireTools()
  writeFileSync(stampPath, stamp)
}

/** Installs what the lockfile names, and never writes the lockfile. */
function install() {
  // `npm ci` refuses a lockfile written against a registry that does not serve every platform's optional packages;
  // `npm install --no-save` takes the same versions from it and checks the same hashes.
  const command = isLockComplete(JSON.parse(lock.toString('utf8'))) ? ['ci'] : ['install', '--no-save']
  console.error(`Installing dependencies with \`npm ${command.join(' ')}\` (about a minute the first time)…`)
  // Warnings are about the Node that runs npm; what runs Cairn is the one being installed.
  const { status, error } = spawnSync(
    'npm',
    [...command, '--include=dev', '--include=optional', '--loglevel=error'],
    {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    },
  )
  if (status === 0) return
  fail(
    `\`npm ${command.join(' ')}\` ended with ${error === undefined ? `code ${status}` : error.message}.`,
    'The packages named in package-lock.json have to be installed before anything here can run.',
    'Read the lines of npm above; if the registry was out of reach, run the same command again once it is back.',
  )
}

/** Whether every optional platform package has an entry of its own. */
function isLockComplete({ packages }) {
  return Object.entries(packages).every(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).every(
      (name) =>
        packages[`node_modules/${name}`] !== undefined ||
        packages[`${path}/node_modules/${name}`] !== undefined,
    ),
  )
}

/** Cairn's sources are TypeScript that Node runs as they are, which Node does from 24 on. */
function requireNode() {
  const pinned = bin('node')
  const version = existsSync(pinned)
    ? spawnSync(pinned, ['--version'], { encoding: 'utf8' }).stdout?.trim()
    : process.version
  if (Number.parseInt((version ?? '').replace(/^v/, ''), 10) >= nodeMajorMin) return
  fail(
    `The Node that npm scripts would run is ${version || 'not runnable'}.`,
    `Cairn needs Node ${nodeMajorMin} or newer. On Linux (x64, arm64) it comes with the dependencies, as node_modules/.bin/node.`,
    existsSync(pinned)
      ? 'Delete node_modules and run the command again.'
      : `There is no such package for ${process.platform}-${process.arch}: install Node ${nodeMajorMin} (https://nodejs.org/download) and run the command again.`,
  )
}

/** The compiler driver and the local chain are native programs that npm picks by platform. */
function requireTools() {
  const missing = ['forge', 'anvil'].filter(
    (name) => spawnSync(bin(name), ['--version'], { stdio: 'ignore' }).status !== 0,
  )
  if (missing.length === 0) return
  fail(
    `${missing.join(' and ')} cannot be run on ${process.platform}-${process.arch}.`,
    'Cairn compiles and tests contracts with forge and runs its local chain on anvil; both come from npm as optional packages.',
    'Delete node_modules and run the command again without --omit=optional; on a platform they are not built for, use Linux or macOS.',
  )
}

/** @param {string[]} sentences what happened, what was expected, what to do */
function fail(...sentences) {
  console.error(`\n${sentences.join('\n')}\n`)
  process.exit(1)
}
