/** House rules that a machine can check. Each failure names the file, the line and the rule. */
import { readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findSectorCores } from './boundary.ts'
import { isGenerated, listSourceFiles, root } from './source-files.ts'

const lineCountMax = 400
const files = listSourceFiles().filter((path) => !isGenerated(path))
const written = files.filter((path) => ['.ts', '.tsx', '.mjs', '.cjs', '.sol', '.sh'].includes(extname(path)))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
// The words are put together here so that this file does not break its own rules.
const unfinished = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`)
const focused = new RegExp(`\\b(?:describe|test|it)(?:\\.\\w+)*\\.${'on' + 'ly'}\\b`)

/** `path:line: text` for every line that matches. */
function findLines(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((text, index) => (pattern.test(text) ? [`${path}:${index + 1}: ${text.trim()}`] : [])),
  )
}

describe('names', () => {
  test('behavior: no file is named after a drawer', () => {
    const banned = /^(?:utils?|helpers?|common|misc|managers?|.*-(?:utils?|helpers?|manager))$/i
    const named = files.filter((path) =>
      path.split('/').some((part) => banned.test(part.replace(/\..*$/, ''))),
    )
    expect(named, 'Name a file or folder after the one idea in it.').toEqual([])
  })
})

describe('sources', () => {
  test(`behavior: no source file is longer than ${lineCountMax} lines`, () => {
    const long = written
      .filter((path) => !/\.test\.ts$|^contracts\/test\//.test(path))
      .map((path) => ({ path, lineCount: read(path).split('\n').length - 1 }))
      .filter(({ lineCount }) => lineCount > lineCountMax)
      .map(({ path, lineCount }) => `${path}: ${lineCount} lines`)
    expect(long, 'Find the second idea in the file and give it a file of its own.').toEqual([])
  })

  test('behavior: nothing is left for later in a comment', () => {
    expect(
      findLines(written, unfinished),
      'Do it, or open an issue and say in the code what is true today.',
    ).toEqual([])
  })

  test('behavior: no test keeps the others from running', () => {
    const tests = written.filter((path) => path.endsWith('.test.ts') || path.endsWith('.test.tsx'))
    expect(findLines(tests, focused), 'A focused test hides the failures of the rest.').toEqual([])
  })

  test('behavior: what decides on money reads no clock and draws no random number', () => {
    const sources = written.filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    const cores = findSectorCores(new Map(sources.map((path) => [path, read(path)])))
    const pure = sources.filter(
      (path) => /^packages\/(?:protocol|settlement)\/src\//.test(path) || cores.has(path),
    )
    const impure =
      /\b(?:Math\.random|Date\.now|new Date\(\)|performance\.now|crypto\.getRandomValues|crypto\.randomUUID|toLocale\w*|localeCompare|Intl)\b/
    const code = findLines(pure, impure).filter((line) => !/^[^:]+:\d+: (?:\*|\/\/|\/\*)/.test(line))
    expect(
      code,
      'Take time and randomness as arguments: every verifier has to come to the same result.',
    ).toEqual([])
  })
})

describe('documents', () => {
  test('behavior: every document has one title, at its top', () => {
    const wrong = files
      .filter((path) => path.endsWith('.md'))
      .filter((path) => {
        const prose = read(path).replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
        return (
          prose.match(/^# \S/gm)?.length !== 1 ||
          !/^(?:---\n[\s\S]*?\n---\n)?\s*(?:<[^\n]*\n\s*)*# \S/.test(prose)
        )
      })
    expect(wrong, 'Begin with one `# Title`; sections are `##`.').toEqual([])
  })

  test('behavior: a file linked from a document exists', () => {
    const broken = files
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) => {
        const prose = read(path)
          .replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
          .replace(/`[^`\n]*`/g, '')
        return [...prose.matchAll(/\]\((?!\w+:|#|\/)([^)#\s]+)(?:#[^)]*)?\)/g)]
          .map(([, target = '']) => join(path, '..', target).replace(/\/$/, ''))
          .filter((target) => !files.some((file) => file === target || file.startsWith(`${target}/`)))
          .map((target) => `${path} links to ${target}`)
      })
    expect(broken).toEqual([])
  })
})

test('behavior: every folder of a workspace is one', () => {
  const folders = new Set(
    files.flatMap(
      (path) =>
        /^(?:(?:packages|sectors|services|apps|examples)\/[^/]+|benchmarks)(?=\/)/.exec(path)?.[0] ?? [],
    ),
  )
  const bare = [...folders].filter(
    (folder) => !files.includes(`${folder}/package.json`) && basename(folder) !== 'README.md',
  )
  expect(bare, 'A folder here is a workspace and needs a package.json.').toEqual([])
})
