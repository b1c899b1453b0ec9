import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foreignText } from './foreign-text.ts'

test('default: a stranger’s text moves no cursor and hides nothing', () => {
  expect(foreignText('pay\u001b[2K me\r\n\u202eback', { most: 100 })).toBe('pay�[2K me���back')
  expect(foreignText('one\ntwo', { most: 100, lines: true })).toBe('one\ntwo')
  expect(foreignText('ä🙂bc', { most: 3 })).toBe('ä🙂b…')
})

test('property: nothing but printable characters, and no more than were asked for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, most) => {
      const shown = foreignText(text, { most })
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      expect([...shown].length).toBeLessThanOrEqual(most + 1)
    }),
  )
})
