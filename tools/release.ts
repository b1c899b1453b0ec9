/** `node tools/release.ts [folder]` makes the tarball of the CLI that is published to npm; nothing is published. */
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Bundle, bundle } from './bundle.ts'

interface Manifest {
  name: string
  version: string
  description?: string
  license?: string
  bin?: Record<string, string>
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

/**
 * Packs an app: one bundle of JavaScript, and a package.json that declares what the workspaces in it declare, at the
 * versions of the lockfile, so that what is installed is what was tested.
 *
 * @returns the path of the tarball.
 * @throws Error when the bundle imports a package that no workspace in it declares.
 */
export async function packRelease(options: { root: string; app: string; outdir: string }): Promise<string> {
  const { root, app, outdir } = options
  const manifests = readManifests(root)
  const manifest = manifests.get(app)
  const [[command, entry] = []] = Object.entries(manifest?.bin ?? {})
  if (manifest === undefined || command === undefined || entry === undefined) {
    throw new Error(
      `${app}/package.json names no program. Expected \`"bin": { "<command>": "./src/main.ts" }\`.`,
    )
  }
  const staging = mkdtempSync(join(tmpdir(), 'cairn-release-'))
  try {
    const made = await bundle({
      root,
      entry: join(app, entry),
      outdir: join(staging, 'dist'),
      workspaceNames: new Set([...manifests.values()].map(({ name }) => name)),
    })
    const { name, version, description, license } = manifest
    const packed = {
      ...{ name, version, description, license, type: 'module', engines: { node: '>=24' } },
      bin: { [command]: 'dist/main.js' },
      files: ['dist'],
      ...declareDependencies(root, manifests, made),
    }
    writeFileSync(join(staging, 'package.json'), `${JSON.stringify(packed, null, 2)}\n`)
    for (const file of ['LICENSE', 'CHANGELOG.md', 'README.md']) {
      const source = [join(root, app, file), join(root, file)].find((path) => existsSync(path))
      if (source !== undefined) copyFileSync(source, join(staging, file))
    }
    mkdirSync(outdir, { recursive: true })
    const output = execFileSync(
      'npm',
      ['pack', '--json', '--loglevel=error', '--pack-destination', resolve(outdir)],
      {
        cwd: staging,
        encoding: 'utf8',
      },
    )
    return join(resolve(outdir), JSON.parse(output)[0].filename)
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

/** package.json by folder, of every workspace. */
function readManifests(root: string): Map<string, Manifest> {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    workspaces: string[]
  }
  const folders = workspaces.flatMap((glob) => globSync(glob, { cwd: root }))
  return new Map(
    folders
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .map((folder) => [folder, JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))]),
  )
}

/**
 * What the packed package needs: everything its workspaces declare, not only what the bundle imports, since programs
 * such as anvil are started rather than imported.
 */
function declareDependencies(root: string, manifests: ReadonlyMap<string, Manifest>, made: Bundle) {
  const workspaceNames = new Set([...manifests.values()].map(({ name }) => name))
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const contributing = [...manifests].filter(([folder]) =>
    made.inputs.some((path) => path.startsWith(`${folder}/`)),
  )
  const collect = (field: 'dependencies' | 'optionalDependencies') => {
    const declared = contributing.flatMap(([folder, manifest]) =>
      Object.entries(manifest[field] ?? {})
        .filter(([name]) => !workspaceNames.has(name))
        .map(([name, range]): [string, string] => {
          const locked = packages[`${folder}/node_modules/${name}`] ?? packages[`node_modules/${name}`]
          return [name, locked?.version ?? range]
        }),
    )
    return Object.fromEntries(declared.sort(([a], [b]) => (a < b ? -1 : 1)))
  }
  const dependencies = collect('dependencies')
  const optionalDependencies = collect('optionalDependencies')
  const missing = made.externals.filter((name) => !(name in dependencies) && !(name in optionalDependencies))
  if (missing.length > 0) {
    throw new Error(
      `The bundle imports ${missing.join(', ')}, which no workspace in it declares under dependencies. ` +
        'Declare it in the package.json of the workspace that imports it.',
    )
  }
  return { dependencies, optionalDependencies }
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  console.log(await packRelease({ root, app: 'apps/cli', outdir: process.argv[2] ?? join(root, 'dist') }))
}
