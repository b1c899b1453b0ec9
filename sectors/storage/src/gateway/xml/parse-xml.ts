import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { S3Error } from '../s3-error.ts'

/** An element as its text, or its children by name, in order. */
export type XmlTree = string | { readonly [name: string]: readonly XmlTree[] }

/** S3's own documents are four deep. */
const deepest = 12

/**
 * Parses a request body. Declarations of types and entities, CDATA and comments are refused as a whole, since no S3 client sends
 * them and all the attacks need them; the five entities of XML and character references are read.
 *
 * @returns the content of the root element
 * @throws S3Error MalformedXML
 */
export function parseXml(bytes: Uint8Array, root: string): XmlTree {
  const text = decode(bytes)
  if (text.includes('<!')) throw malformed('it holds a declaration, a comment or CDATA, which are not read')
  requireShallow(text)
  if (XMLValidator.validate(text) !== true) throw malformed('it is not well-formed')
  const parsed = toTree(parse(text), 0)
  const content = typeof parsed === 'string' ? undefined : parsed[root]?.[0]
  if (content === undefined) throw malformed(`its root has to be ${root}`)
  return content
}

/** The children of this name; none when there is text instead. */
export function childrenOf(tree: XmlTree, name: string): readonly XmlTree[] {
  if (typeof tree === 'string' || !Object.hasOwn(tree, name)) return []
  return tree[name] ?? []
}

/** The text of the child of this name; undefined when there is none. @throws S3Error MalformedXML when there are several, or it has children */
export function childText(tree: XmlTree, name: string): string | undefined {
  const [child, ...others] = childrenOf(tree, name)
  if (child === undefined) return undefined
  if (others.length > 0 || typeof child !== 'string') throw malformed(`${name} has to be there once, as text`)
  return child
}

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  // A key may begin with a space.
  trimValues: false,
  processEntities: false,
  isArray: () => true,
  maxNestedTags: deepest * 2,
})

function parse(text: string): unknown {
  try {
    return parser.parse(text)
  } catch {
    throw malformed('it is not well-formed')
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed('it is not UTF-8')
  }
}

/** Before any parser sees it, so that depth costs nobody a stack. */
function requireShallow(text: string): void {
  let depth = 0
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    const next = text[at + 1]
    if (next === '?') continue
    if (next === '/') depth -= 1
    else if (text[text.indexOf('>', at) - 1] !== '/') depth += 1
    if (depth > deepest) throw malformed(`its elements are more than ${deepest} deep`)
  }
}

function toTree(value: unknown, depth: number): XmlTree {
  if (typeof value === 'string') return readReferences(value)
  if (typeof value !== 'object' || value === null || depth > deepest) return ''
  const names = Object.keys(value).filter((name) => name !== '#text')
  if (names.length === 0) return readReferences(String((value as { '#text'?: unknown })['#text'] ?? ''))
  return Object.fromEntries(
    names.map((name) => {
      const children = (value as Record<string, unknown>)[name]
      return [
        name,
        (Array.isArray(children) ? children : [children]).map((child) => toTree(child, depth + 1)),
      ]
    }),
  )
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function readReferences(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(/&([^;&]{0,12});|&/g, (_, reference: string | undefined) => {
    if (reference !== undefined && Object.hasOwn(named, reference)) return named[reference]!
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(reference ?? '') ?? []
    const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal ?? Number.NaN)
    const isSurrogate = code >= 0xd800 && code <= 0xdfff
    if (!(code <= 0x10ffff) || isSurrogate) throw malformed('it refers to an entity that XML does not have')
    return String.fromCodePoint(code)
  })
}

function malformed(why: string): S3Error {
  return new S3Error('MalformedXML', `The XML you provided can not be used: ${why}.`)
}
