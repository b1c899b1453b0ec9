import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { copyFile, readFile } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'

/** What a bundle was made of. */
export interface Bundle {
  /** Source files, relative to the root, with forward slashes. */
  inputs: string[]
  /** Packages that the bundle still imports when it runs. */
  externals: string[]
}

/**
 * Bundles a TypeScript program with the workspaces it imports into JavaScript for Node 24, because Node runs no
 * TypeScript below node_modules. Packages of npm stay imports. A file named by `new URL('./x', import.meta.url)` comes
 * along: a worker's source is bundled too, anything else is copied.
 */
export async function bundle(options: {
  root: string
  /** The program, relative to the root. */
  entry: string
  outdir: string
  /** Names of the workspaces, whose sources are taken in. */
  workspaceNames: ReadonlySet<string>
}): Promise<Bundle> {
  const { root, entry, outdir } = options
  const referenced = new Set<string>()
  let metafile: Metafile
  let sizeBefore: number
  // A worker can name further files, so build until none is new.
  do {
    sizeBefore = referenced.size
    rmSync(outdir, { recursive: true, force: true })
    const workers = [...referenced].filter(isSource)
    const result = await build({
      absWorkingDir: root,
      entryPoints: [
        { in: join(root, entry), out: basename(entry, extname(entry)) },
        ...workers.map((path) => ({ in: path, out: outputName(root, path).replace(/\.js$/, '') })),
      ],
      outdir,
      bundle: true,
      splitting: true,
      chunkNames: 'chunk-[hash]',
      format: 'esm',
      platform: 'node',
      target: 'node24',
      sourcemap: false,
      legalComments: 'inline',
      logLevel: 'silent',
      metafile: true,
      plugins: [keepPackages(options.workspaceNames), takeReferencedFiles(root, referenced)],
    })
    metafile = result.metafile
  } while (referenced.size > sizeBefore)
  for (const path of referenced)
    if (!isSource(path)) await copyFile(path, join(outdir, outputName(root, path)))
  addHashbang(join(outdir, `${basename(entry, extname(entry))}.js`))
  return { inputs: Object.keys(metafile.inputs).sort(), externals: findExternals(metafile) }
}

const isSource = (path: string) => /\.m?ts$/.test(path)

/** Flat in the output folder, where every chunk can name it by the same relative path. */
function outputName(root: string, path: string): string {
  return relative(root, path)
    .replaceAll(/[\\/]/g, '-')
    .replace(/\.m?ts$/, '.js')
}

function keepPackages(workspaceNames: ReadonlySet<string>): Plugin {
  return {
    name: 'keep-packages',
    setup({ onResolve }) {
      onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
        if (kind === 'entry-point' || workspaceNames.has(packageName(path))) return undefined
        return { path, external: true }
      })
    },
  }
}

function takeReferencedFiles(root: string, referenced: Set<string>): Plugin {
  return {
    name: 'take-referenced-files',
    setup({ onLoad }) {
      onLoad({ filter: /\.m?ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8')
        const contents = source.replaceAll(
          /new URL\(\s*(['"])(\.{1,2}\/[^'"]+)\1,\s*import\.meta\.url,?\s*\)/g,
          (expression, _quote, reference: string) => {
            const target = resolve(dirname(path), reference)
            // A folder, or a file made when the program runs: nothing to take along.
            if (!existsSync(target) || reference.endsWith('/')) return expression
            referenced.add(target)
            return `new URL('./${outputName(root, target)}', import.meta.url)`
          },
        )
        return { contents, loader: 'ts' }
      })
    },
  }
}

function findExternals(metafile: Metafile): string[] {
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  const names = imports
    .filter(({ external, path }) => external === true && !path.startsWith('node:'))
    .map(({ path }) => packageName(path))
  return [...new Set(names)].sort()
}

/** `@scope/name/sub/path` → `@scope/name`. */
function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** A program installed by npm is started by its first line. */
function addHashbang(path: string): void {
  const code = readFileSync(path, 'utf8')
  if (!code.startsWith('#!')) writeFileSync(path, `#!/usr/bin/env node\n${code}`)
  chmodSync(path, 0o755)
}
