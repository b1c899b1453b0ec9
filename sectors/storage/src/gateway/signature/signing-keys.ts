import type { KeyObject } from 'node:crypto'
import { type Credential, scopeText } from './credential.ts'
import { deriveSigningKey } from './signing-key.ts'

/** The signing key of a credential; undefined when there is no such access key. */
export type SigningKeyOf = (credential: Credential) => KeyObject | undefined

/** Derives signing keys, and keeps of each access key that of its last scope: a client's requests of a day are all of one. */
export function createSigningKeys(secretOf: (accessKeyId: string) => string | undefined): SigningKeyOf {
  const kept = new Map<string, { readonly scope: string; readonly key: KeyObject }>()
  return (credential) => {
    const secret = secretOf(credential.accessKeyId)
    if (secret === undefined) return undefined
    const scope = scopeText(credential)
    const known = kept.get(credential.accessKeyId)
    if (known?.scope === scope) return known.key
    const key = deriveSigningKey(secret, credential)
    kept.set(credential.accessKeyId, { scope, key })
    return key
  }
}
