import { describe, expect, test } from 'vitest'
import { parseImports } from './imports.ts'

const specifiers = (source: string) => parseImports(source).map(({ specifier }) => specifier)

describe('parseImports', () => {
  test('default', () => {
    const source = [
      "import 'side-effect'",
      "import a from 'a'",
      "import b, { type B } from 'b'",
      "import * as c from 'c'",
      "import {\n  d,\n  e,\n} from 'd'",
      "export { f } from 'f'",
      "export * from 'g'",
      "export * as h from 'h'",
      'import type { I } from "i"',
      "const j = () => import('j')",
      "type K = import('k').K",
    ].join('\n')
    expect(specifiers(source)).toEqual(['side-effect', 'a', 'b', 'c', 'd', 'f', 'g', 'h', 'i', 'j', 'k'])
  })

  test('behavior: tells the line, and when it is loaded', () => {
    expect(
      parseImports("// one\nimport type { A } from 'a'\n\nexport { b } from 'b'\nawait import('c')"),
    ).toEqual([
      { specifier: 'a', line: 2, kind: 'type' },
      { specifier: 'b', line: 4, kind: 'value' },
      { specifier: 'c', line: 5, kind: 'lazy' },
    ])
  })

  test('behavior: comments, strings and code that only look like imports are none', () => {
    const source = [
      "// import 'a'",
      "/* import 'b'\nimport 'c' */",
      'const d = "import \'d\'"',
      "const e = `\nimport 'e'\n`",
      "export const from = 'f'",
      "export const names = { from: 'g' }",
      'const i = "() => import(\'i\')"',
      "const url = 'https://example.org' // import 'h'",
    ].join('\n')
    expect(specifiers(source)).toEqual([])
  })
})
