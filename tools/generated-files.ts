/** One file a generator would write. */
export interface GeneratedFile {
  /** Relative to the root of the repository, with forward slashes. */
  path: string
  content: string
}

/** A path, and in what the file there is not as generated. */
export interface Difference {
  path: string
  what: string
}

/** Compares what the generators make with what is there, in order of path; files there that nothing generates are stale. */
export function compareGenerated(
  generated: readonly GeneratedFile[],
  committed: ReadonlyMap<string, string>,
): Difference[] {
  const contents = new Map(generated.map(({ path, content }) => [path, content]))
  return [...new Set([...contents.keys(), ...committed.keys()])].sort().flatMap((path) => {
    const what = describeDifference(contents.get(path), committed.get(path))
    return what === undefined ? [] : [{ path, what }]
  })
}

function describeDifference(expected: string | undefined, actual: string | undefined): string | undefined {
  if (expected === actual) return undefined
  if (expected === undefined) return 'nothing generates it any more'
  if (actual === undefined) return 'missing'
  const expectedLines = expected.split('\n')
  const actualLines = actual.split('\n')
  const first = expectedLines.findIndex((line, index) => line !== actualLines[index])
  const line = first === -1 ? expectedLines.length : first
  return `line ${line + 1} is ${excerpt(actualLines[line])}, expected ${excerpt(expectedLines[line])} (${actualLines.length} lines, expected ${expectedLines.length})`
}

function excerpt(line: string | undefined): string {
  if (line === undefined) return 'absent'
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line)
}
