/**
 * Text that a stranger wrote, for a terminal: without control and formatting characters, which could move the cursor or hide what stands there, and cut to a length. Line breaks stay
 * where `lines` says so.
 */
export function foreignText(
  text: string,
  { most, lines = false }: { readonly most: number; readonly lines?: boolean },
): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    lines && character === '\n' ? character : '�',
  )
  const characters = [...shown]
  return characters.length <= most ? shown : `${characters.slice(0, most).join('')}…`
}
