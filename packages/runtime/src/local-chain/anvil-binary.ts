import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { BaseError } from '@cairn/protocol'

/** The platforms `@foundry-rs/anvil` has binaries for: its optional dependencies. */
const builds: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-amd64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-amd64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'win32-amd64',
}

/** There is no anvil for this machine. Code: `anvil_missing`. */
export class AnvilMissingError extends BaseError {
  override readonly name = 'AnvilMissingError'
}

/**
 * The path of the native anvil. Not `.bin/anvil`: that is a program which starts this one, and killing it leaves
 * this one running.
 *
 * @throws AnvilMissingError
 */
export function findAnvil(platform: string = process.platform, arch: string = process.arch): string {
  const build = builds[`${platform}-${arch}`]
  try {
    if (build === undefined) throw new Error('no such build')
    const require = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'))
    const manifest = require.resolve(`@foundry-rs/anvil-${build}/package.json`)
    return join(dirname(manifest), 'bin', platform === 'win32' ? 'anvil.exe' : 'anvil')
  } catch (cause) {
    throw new AnvilMissingError({
      code: 'anvil_missing',
      message: `There is no local chain for ${platform}-${arch}: @foundry-rs/anvil-${build ?? '…'} is not installed.`,
      field: 'platform',
      value: `${platform}-${arch}`,
      fix: 'Run npm install without --omit=optional, or give the URL of another chain with CAIRN_RPC_URL.',
      cause,
    })
  }
}
