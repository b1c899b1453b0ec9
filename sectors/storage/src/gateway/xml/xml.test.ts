import fc from 'fast-check'
import { expect, test } from 'vitest'
import { S3Error } from '../s3-error.ts'
import { childrenOf, childText, parseXml } from './parse-xml.ts'
import { element, xmlDocument } from './write-xml.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const codeOf = (text: string | Uint8Array) => {
  try {
    parseXml(typeof text === 'string' ? bytes(text) : text, 'Delete')
    return 'taken'
  } catch (error) {
    if (error instanceof S3Error) return error.s3Code
    throw error
  }
}

test('default: what S3 clients send', () => {
  const tree = parseXml(
    bytes(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n <Quiet>true</Quiet><Object><Key> a &amp; b&#x1F600;&#10;</Key></Object><Object><Key>012</Key><VersionId/></Object></Delete>',
    ),
    'Delete',
  )
  expect(childText(tree, 'Quiet')).toBe('true')
  expect(childrenOf(tree, 'Object').map((object) => childText(object, 'Key'))).toEqual([' a & b😀\n', '012'])
  expect(childText(childrenOf(tree, 'Object')[1]!, 'VersionId')).toBe('')
  expect(childText(tree, 'constructor')).toBeUndefined()
})

test.for([
  [
    'an external entity',
    '<!DOCTYPE Delete [<!ENTITY x SYSTEM "file:///etc/passwd">]><Delete><Key>&x;</Key></Delete>',
  ],
  [
    'a billion laughs',
    `<!DOCTYPE Delete [<!ENTITY a "ha"><!ENTITY b "${'&a;'.repeat(100)}">]><Delete>${'&b;'.repeat(100)}</Delete>`,
  ],
  ['an entity that nobody declared', '<Delete><Key>&x;</Key></Delete>'],
  ['a reference to a surrogate', '<Delete><Key>&#xd800;</Key></Delete>'],
  ['a reference beyond Unicode', '<Delete><Key>&#x110000;</Key></Delete>'],
  ['CDATA', '<Delete><Key><![CDATA[a]]></Key></Delete>'],
  ['a hundred thousand elements deep', '<Delete>'.repeat(100_000)],
  ['an element that does not end', '<Delete><Key></Delete>'],
  ['another root', '<Other/>'],
  ['no XML', 'hello'],
  ['nothing', ''],
] as const)('error: %s', ([, text]) => {
  expect(codeOf(text)).toBe('MalformedXML')
})

test('error: bytes that are not UTF-8, and an element that should be there once', () => {
  expect(codeOf(Uint8Array.of(0x3c, 0xff, 0x3e))).toBe('MalformedXML')
  const tree = parseXml(bytes('<Delete><Quiet>a</Quiet><Quiet>b</Quiet></Delete>'), 'Delete')
  expect(() => childText(tree, 'Quiet')).toThrow(S3Error)
})

test('behavior: any text is a tree or an S3 error', () => {
  const part = fc.oneof(
    fc.constantFrom(
      '<Delete>',
      '</Delete>',
      '<Key>',
      '</Key>',
      '<a/>',
      '&amp;',
      '&#',
      ';',
      '<',
      '>',
      '<?',
      '?>',
      '__proto__',
    ),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
      codeOf(parts.join(''))
    }),
    { numRuns: 2000 },
  )
})

test('behavior: what is written is read back', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => !/[\p{Cs}\0]/u.test(value))
  fc.assert(
    fc.property(text, (key) => {
      const tree = parseXml(bytes(xmlDocument('Delete', [element('Key', key)])), 'Delete')
      expect(childText(tree, 'Key')).toBe(key)
    }),
  )
})
