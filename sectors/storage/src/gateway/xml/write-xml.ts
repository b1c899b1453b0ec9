/** An element, or several, as text that is XML already. */
export type Xml = string & { readonly brand: 'xml' }

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** @param content elements, or text, which is escaped; undefined leaves the element out */
export function element(
  name: string,
  content: string | number | boolean | readonly Xml[] | undefined,
  attributes = '',
): Xml {
  if (content === undefined) return '' as Xml
  const inner = typeof content === 'object' ? content.join('') : escapeText(String(content))
  return `<${name}${attributes}>${inner}</${name}>` as Xml
}

/** A whole response of S3's namespace. */
export function xmlDocument(name: string, content: readonly Xml[] | string): string {
  return declaration + element(name, content, ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"')
}

/** The body of an error response, which has no namespace. */
export function errorDocument(content: readonly Xml[]): string {
  return declaration + element('Error', content)
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** Control characters become references: XML 1.0 has none of them, but a client that asks for no encoding gets to see that they are there. */
function escapeText(text: string): string {
  return text.replaceAll(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
    /[&<>"\x00-\x1f]/g,
    (char) => escapes[char] ?? `&#x${char.charCodeAt(0).toString(16)};`,
  )
}
