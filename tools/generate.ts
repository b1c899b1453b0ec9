/**
 * `npm run generate` writes every generated file; `npm run generate -- --check` writes nothing and fails when a committed
 * file is not what would be written. A generator is a file `tools/generate-<what>.ts` that exports `generate`.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compareGenerated, type GeneratedFile } from './generated-files.ts'
import { isGenerated, listSourceFiles, root } from './source-files.ts'

interface Generator {
  generate: () => Promise<GeneratedFile[]>
}

async function runGenerators(): Promise<GeneratedFile[]> {
  const files: GeneratedFile[] = []
  for (const path of globSync('tools/generate-*.ts', {
    cwd: root,
    exclude: (name) => name.endsWith('.test.ts'),
  }).sort()) {
    const generator = (await import(join(root, path))) as Partial<Generator>
    if (generator.generate === undefined) {
      throw new Error(
        `${path} exports no \`generate\`. A generator exports \`generate(): Promise<{ path, content }[]>\`, and writes nothing itself.`,
      )
    }
    files.push(...(await generator.generate()))
  }
  return files
}

const generated = await runGenerators()
const committed = new Map(
  listSourceFiles()
    .filter((path) => isGenerated(path) && path !== 'package-lock.json')
    .concat(generated.map(({ path }) => path).filter((path) => existsSync(join(root, path))))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
)
const differences = compareGenerated(generated, committed)

if (process.argv.includes('--check')) {
  for (const { path, what } of differences) console.log(`${path}: ${what}`)
  console.log(
    differences.length === 0
      ? `${generated.length} generated files are up to date`
      : `${differences.length} files are not as generated. Run \`npm run generate\` and commit what it writes.`,
  )
  process.exitCode = differences.length === 0 ? 0 : 1
} else {
  const contents = new Map(generated.map(({ path, content }) => [path, content]))
  for (const { path, what } of differences) {
    const content = contents.get(path)
    if (content === undefined) rmSync(join(root, path))
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content)
    }
    console.log(`${content === undefined ? 'removed' : 'wrote'} ${path}: ${what}`)
  }
  console.log(`${generated.length} generated files, ${differences.length} changed`)
}
