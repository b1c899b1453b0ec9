import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findEscapes, findViolations, type Repository, type Workspace } from './boundary.ts'
import { listSourceFiles, root } from './source-files.ts'

function readRepository(): Repository {
  const files = listSourceFiles()
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  return {
    workspaces: files
      .filter((path) =>
        /^(?:(?:packages|sectors|services|apps|examples)\/[^/]+\/|benchmarks\/)?package\.json$/.test(path),
      )
      .map((path): Workspace => {
        const manifest = JSON.parse(read(path))
        const folder = dirname(path) === '.' ? '' : dirname(path)
        return {
          folder,
          name: manifest.name,
          dependencies: ['dependencies', 'peerDependencies', 'optionalDependencies'].flatMap((field) =>
            Object.keys(manifest[field] ?? {}),
          ),
          devDependencies: Object.keys(manifest.devDependencies ?? {}),
        }
      }),
    sources: new Map(files.filter((path) => /\.m?tsx?$/.test(path)).map((path) => [path, read(path)])),
  }
}

/** A small repository, to plant a file in. */
function plant(path: string, source: string): Repository {
  const workspace = (folder: string, name: string, dependencies: string[] = []): Workspace => ({
    folder,
    name,
    dependencies,
    devDependencies: [],
  })
  const all = [
    '@cairn/protocol',
    '@cairn/runtime',
    '@cairn/testing',
    '@cairn/storage',
    '@cairn/standard',
    '@cairn/ingest',
    'viem',
  ]
  return {
    workspaces: [
      workspace('', 'root'),
      workspace('packages/protocol', '@cairn/protocol', ['viem']),
      workspace('packages/economics', '@cairn/economics', all),
      workspace('packages/runtime', '@cairn/runtime', ['@scope/log']),
      workspace('packages/testing', '@cairn/testing'),
      workspace('sectors/wireless', '@cairn/wireless', all),
      workspace('sectors/storage', '@cairn/storage'),
      workspace('sectors/standard', '@cairn/standard'),
      workspace('services/ingest', '@cairn/ingest'),
      workspace('services/verifier', '@cairn/verifier', all),
      workspace('apps/cli', 'cairn', all),
    ],
    sources: new Map([
      [
        'sectors/wireless/src/index.ts',
        "export * from './verify.ts'\nexport const agent = () => import('./agent.ts')",
      ],
      [path, source],
    ]),
  }
}

describe('this repository', () => {
  test('default: every import keeps to the table and is declared', () => {
    expect(findViolations(readRepository()).join('\n\n')).toBe('')
  })

  test('behavior: no relative import leaves its workspace', () => {
    expect(findEscapes(readRepository()).join('\n\n')).toBe('')
  })
})

describe('findViolations', () => {
  test.each([
    ['packages/protocol/src/epoch.ts', 'node:fs/promises', 'pure and depends on nothing'],
    ['packages/protocol/src/epoch.ts', 'viem', 'pure and depends on nothing'],
    ['packages/economics/src/schedule.ts', 'node:worker_threads', 'no disk, clock or thread'],
    ['packages/economics/src/schedule.ts', '@cairn/runtime', 'no disk, clock or thread'],
    ['sectors/wireless/src/verify.ts', '@cairn/storage', 'other sector'],
    ['sectors/wireless/src/verify.ts', 'node:crypto', 'must follow from its arguments'],
    ['sectors/wireless/src/verify.ts', '@cairn/runtime', 'must follow from its arguments'],
    ['sectors/wireless/src/agent/driver.ts', '@cairn/testing', 'A facet adapts'],
    ['sectors/wireless/src/agent/driver.ts', '@cairn/ingest', 'A facet adapts'],
    ['sectors/wireless/src/verify.test.ts', '@cairn/storage', 'one folder'],
    ['services/verifier/src/close.ts', '@cairn/ingest', 'meet at run time'],
    ['services/verifier/src/close.ts', '@cairn/standard', 'composition root'],
    ['services/verifier/src/main.ts', '@cairn/storage', 'one visible list'],
    ['apps/cli/src/up.ts', '@cairn/standard', 'composition root'],
  ])('behavior: catches %s importing %s', (path, specifier, why) => {
    const [violation, ...others] = findViolations(plant(path, `\nexport * from '${specifier}'\n`))
    expect(others).toEqual([])
    expect(violation).toContain(`${path}:2 imports ${specifier}\n`)
    expect(violation).toContain(why)
  })

  test.each([
    ['packages/protocol/src/epoch.test.ts', 'node:fs'],
    ['sectors/wireless/src/verify.ts', '@cairn/protocol'],
    ['packages/economics/src/schedule.ts', '@cairn/protocol'],
    ['packages/economics/src/schedule.test.ts', 'node:fs'],
    ['packages/runtime/src/log.ts', 'node:fs/promises'],
    ['packages/runtime/src/log.ts', '@scope/log'],
    ['sectors/wireless/src/semtech-udp/server.ts', 'node:dgram'],
    ['sectors/wireless/src/semtech-udp/arbitraries.ts', '@cairn/testing'],
    ['sectors/wireless/src/agent.ts', '@cairn/runtime'],
    ['sectors/wireless/src/verify.test.ts', '@cairn/testing'],
    ['services/verifier/src/main.ts', '@cairn/standard'],
    ['apps/cli/src/main.ts', '@cairn/ingest'],
  ])('behavior: lets %s import %s', (path, specifier) => {
    expect(findViolations(plant(path, `import {} from '${specifier}'`))).toEqual([])
  })

  test('behavior: catches a package that is not declared', () => {
    expect(findViolations(plant('apps/cli/src/main.ts', "import ws from 'ws'"))).toEqual([
      'apps/cli/src/main.ts:1 imports ws\n  apps/cli/package.json does not declare ws: add it to dependencies.',
    ])
  })

  test('behavior: catches a package that imports itself by name', () => {
    const [violation] = findViolations(plant('packages/runtime/src/log.ts', "import '@cairn/runtime'"))
    expect(violation).toContain('makes a cycle')
  })
})

describe('findEscapes', () => {
  test('default: catches a path into another workspace', () => {
    const repository = plant('apps/cli/src/main.ts', "import '../../../packages/protocol/src/epoch.ts'")
    expect(findEscapes(repository)).toHaveLength(1)
  })
})
