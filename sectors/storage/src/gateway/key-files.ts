import { readFile } from 'node:fs/promises'
import { BaseError } from '@cairn/protocol'
import { isMissing, writeAtomic } from '@cairn/runtime'

/** A file of keys can not be used; codes `malformed_root_key`, `missing_root_key`, `malformed_access_keys`, `missing_access_keys`. */
export class KeyFileError extends BaseError {
  override readonly name = 'KeyFileError'
}

/** Secrets by access key. */
export type AccessKeys = ReadonlyMap<string, string>

const ownerOnly = 0o600
const mostKeys = 1000

/**
 * Reads the root key, 64 hexadecimal digits; makes one where there is none.
 *
 * @param isNewAllowed false when there is data already, which another key would not open
 * @throws KeyFileError
 */
export async function readRootKey(
  path: string,
  {
    isNewAllowed,
    random,
  }: { readonly isNewAllowed: boolean; readonly random: (count: number) => Uint8Array },
): Promise<{ readonly rootKey: Uint8Array; readonly isNew: boolean }> {
  const text = await readText(path)
  if (text !== undefined) {
    if (!/^[0-9a-f]{64}\s*$/i.test(text))
      throw new KeyFileError({
        code: 'malformed_root_key',
        message: `The file ${path} holds no root key, which is 64 hexadecimal digits.`,
        fix: 'Restore it from its backup, or name another file with --root-key.',
        field: 'root-key',
        value: path,
      })
    return { rootKey: Buffer.from(text.trim(), 'hex'), isNew: false }
  }
  if (!isNewAllowed)
    throw new KeyFileError({
      code: 'missing_root_key',
      message: `There is no root key at ${path}, and the data folder holds objects that only theirs opens.`,
      fix: 'Restore the root key from its backup, or name its file with --root-key.',
      field: 'root-key',
      value: path,
    })
  const rootKey = random(32)
  await writeAtomic(path, `${Buffer.from(rootKey).toString('hex')}\n`, { mode: ownerOnly })
  return { rootKey, isNew: true }
}

/**
 * Reads access keys, `{"accessKeys": [{"accessKeyId": "…", "secretAccessKey": "…"}]}`; makes a file with one where there is none.
 *
 * @param random undefined: makes none
 * @throws KeyFileError
 */
export async function readAccessKeys(
  path: string,
  random: ((count: number) => Uint8Array) | undefined,
): Promise<{ readonly accessKeys: AccessKeys; readonly isNew: boolean }> {
  const text = await readText(path)
  if (text !== undefined) return { accessKeys: parseAccessKeys(text, path), isNew: false }
  if (random === undefined)
    throw new KeyFileError({
      code: 'missing_access_keys',
      message: `There is no file of access keys at ${path}.`,
      fix: 'Name the one of the gateway with --access-key; the gateway says where it is when it starts.',
      field: 'access-key',
      value: path,
    })
  const accessKeyId = `CAIRN${Buffer.from(random(10)).toString('hex').toUpperCase()}`
  const secretAccessKey = Buffer.from(random(30)).toString('base64url')
  const file = { accessKeys: [{ accessKeyId, secretAccessKey }] }
  await writeAtomic(path, `${JSON.stringify(file, undefined, 2)}\n`, { mode: ownerOnly })
  return { accessKeys: new Map([[accessKeyId, secretAccessKey]]), isNew: true }
}

function parseAccessKeys(text: string, path: string): AccessKeys {
  const keys = new Map<string, string>()
  try {
    const { accessKeys } = JSON.parse(text) as {
      accessKeys: { accessKeyId: unknown; secretAccessKey: unknown }[]
    }
    for (const { accessKeyId, secretAccessKey } of accessKeys) {
      const isUsable =
        typeof accessKeyId === 'string' &&
        /^[\w.-]{3,128}$/.test(accessKeyId) &&
        typeof secretAccessKey === 'string' &&
        secretAccessKey.length >= 8
      if (!isUsable || keys.has(accessKeyId))
        throw new Error('a key is malformed, its secret is short, or it stands twice')
      keys.set(accessKeyId, secretAccessKey)
    }
    if (keys.size === 0 || keys.size > mostKeys) throw new Error(`it lists ${keys.size} keys`)
    return keys
  } catch (cause) {
    throw new KeyFileError({
      code: 'malformed_access_keys',
      // Not the parser's own words: they would quote the file.
      message: `The file ${path} does not list access keys as they have to be.`,
      fix: 'Write {"accessKeys": [{"accessKeyId": "3 to 128 letters, digits, _ . -", "secretAccessKey": "at least 8 characters"}]}, or remove the file to have one made.',
      field: 'access-key',
      value: path,
      cause: cause instanceof SyntaxError ? undefined : cause,
    })
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
