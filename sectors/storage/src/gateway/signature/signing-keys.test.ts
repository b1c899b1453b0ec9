import { expect, test } from 'vitest'
import { deriveSigningKey } from './signing-key.ts'
import { createSigningKeys } from './signing-keys.ts'

const credential = { accessKeyId: 'AKID', day: '20261123', region: 'eu-central-1', service: 's3' }

test('default: a scope has its key once, another scope and another access key have their own', () => {
  const keyOf = createSigningKeys((id) => (id === 'gone' ? undefined : `secret of ${id}`))
  const first = keyOf(credential)!
  expect(keyOf({ ...credential })).toBe(first)
  for (const other of [
    { ...credential, day: '20261124' },
    { ...credential, region: 'us-east-1' },
    { ...credential, accessKeyId: 'other' },
    credential,
  ])
    expect(keyOf(other)!.equals(deriveSigningKey(`secret of ${other.accessKeyId}`, other))).toBe(true)
  expect(keyOf({ ...credential, accessKeyId: 'gone' })).toBeUndefined()
})
