/** A string that a file imports, and the line it stands on. */
export interface Import {
  specifier: string
  line: number
  /** `type`: nothing is loaded; `lazy`: `import()`, loaded when called; `value`: loaded at once. */
  kind: 'type' | 'lazy' | 'value'
}

const statement =
  /(?<![.\w$])(?:import|export)\s+(?<type>type\s)?(?:[\w$*{][^'"`;]*?\bfrom\s*)?(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g
const call =
  /(?<![.\w$])(?:import|require|require\.resolve|import\.meta\.resolve)\s*\(\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g

/**
 * Finds what TypeScript source imports: static imports and re-exports, `import()` with a literal, `import('x').Type`.
 * Comments are left out, and so are strings that only talk about imports.
 */
export function parseImports(source: string): Import[] {
  const code = blankComments(source)
  const found: Import[] = []
  const add = (match: RegExpMatchArray, kind: Import['kind']) => {
    const line = code.slice(0, match.index).split('\n').length
    found.push({ specifier: match.groups?.specifier ?? '', line, kind })
  }
  for (const match of code.matchAll(statement)) {
    if (beginsStatement(code, match.index)) add(match, match.groups?.type === undefined ? 'value' : 'type')
  }
  for (const match of code.matchAll(call)) add(match, 'lazy')
  return found.sort((a, b) => a.line - b.line)
}

function beginsStatement(code: string, index: number): boolean {
  const before = code.slice(code.lastIndexOf('\n', index - 1) + 1, index).trimEnd()
  return before === '' || before.endsWith(';') || before.endsWith('}')
}

const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g

/** Replaces comments, and strings that no import can end in, by spaces; lines stay where they are. */
function blankComments(source: string): string {
  return source.replace(token, (text, offset: number) => {
    const before = source.slice(Math.max(0, offset - 40), offset)
    if (/^['"]/.test(text) && /(?:\bfrom|\bimport|\b(?:import|require|resolve)\s*\()\s*$/.test(before))
      return text
    return text.replace(/[^\n]/g, ' ')
  })
}
