import pc from 'picocolors'

/** Columns as wide as their widest cell; numbers to the right. A header in bold, no lines. */
export function table(
  headers: readonly string[],
  rows: readonly (readonly (string | number | bigint)[])[],
): string {
  const cells = rows.map((row) => row.map(String))
  const widths = headers.map((header, column) =>
    Math.max(header.length, ...cells.map((row) => visibleLength(row[column] ?? ''))),
  )
  const isNumber = headers.map(
    (_, column) =>
      rows.length > 0 &&
      rows.every((row) => typeof row[column] !== 'string' || /^[\d., ]*$/.test(row[column])),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => pad(cell, widths[column]!, isNumber[column]!))
      .join('  ')
      .trimEnd()
  return [pc.bold(line(headers)), ...cells.map(line)].join('\n')
}

function pad(cell: string, width: number, toRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - visibleLength(cell)))
  return toRight ? space + cell : cell + space
}

function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
  return text.replace(/\u001b\[\d+m/g, '').length
}
