/** A string that a file imports, and the line it stands on. */
export interface Import {
  specifier: string
  line: number
  /** `import type` and `export type`: nothing is loaded. */
  isType: boolean
}

const statement =
  /(?<![.\w$])(?:import|export)\s+(?<type>type\s)?(?:[\w$*{][^'"`;]*?\bfrom\s*)?(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g
const call =
  /(?<![.\w$])(?:import|require|require\.resolve|import\.meta\.resolve)\s*\(\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g

/**
 * Finds what TypeScript source imports: static imports and re-exports, `import()` with a literal, `import('x').Type`.
 * Comments are left out; so, nearly always, are strings that only talk about imports, because a statement has to begin a line.
 */
export function parseImports(source: string): Import[] {
  const code = blankComments(source)
  const found: Import[] = []
  const add = (match: RegExpMatchArray) => {
    const line = code.slice(0, match.index).split('\n').length
    found.push({ specifier: match.groups?.specifier ?? '', line, isType: match.groups?.type !== undefined })
  }
  for (const match of code.matchAll(statement)) if (beginsStatement(code, match.index)) add(match)
  for (const match of code.matchAll(call)) add(match)
  return found.sort((a, b) => a.line - b.line)
}

function beginsStatement(code: string, index: number): boolean {
  const before = code.slice(code.lastIndexOf('\n', index - 1) + 1, index).trimEnd()
  return before === '' || before.endsWith(';') || before.endsWith('}')
}

/** Replaces comments by spaces, keeping lines, and leaves strings alone ("https://…" is no comment). */
function blankComments(source: string): string {
  return source.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g,
    (token) => {
      if (token.startsWith('/')) return token.replace(/[^\n]/g, ' ')
      return token.startsWith('`') ? token.replace(/[^\n`]/g, ' ') : token
    },
  )
}
