import { createCipheriv, createDecipheriv, createECDH, randomBytes, scrypt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { BaseError } from '@cairn/protocol'
import { z } from 'zod'
import { writeAtomic } from '../files/write-atomic.ts'

/** Curves of the keys Cairn keeps: accounts and ingests sign with secp256k1, devices with P-256. */
export type KeyKind = 'secp256k1' | 'p256'

const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`))

/** The costs are bounded, so that a planted file can not make opening take all memory. */
const keyFile = z.strictObject({
  version: z.literal(1),
  kind: z.enum(['secp256k1', 'p256']),
  /** Uncompressed public key, 65 bytes; authenticated with the content. */
  public: hex(65),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    n: z
      .int()
      .min(1 << 10)
      .max(1 << 17),
    r: z.literal(8),
    p: z.literal(1),
    salt: hex(16),
  }),
  cipher: z.strictObject({ name: z.literal('aes-256-gcm'), iv: hex(12), tag: hex(16), text: hex(32) }),
})

/** A private key as it lies on disk. */
export type KeyFile = z.infer<typeof keyFile>

/** A key file that does not parse, or a passphrase that does not open it. Codes: `malformed_key_file`, `wrong_passphrase`. */
export class KeystoreError extends BaseError {
  override readonly name = 'KeystoreError'
}

/** What {@link sealKey} needs. */
export interface SealKeyOptions {
  kind: KeyKind
  /** 32 bytes. */
  privateKey: Uint8Array
  passphrase: string
  /** scrypt's N. Default 2^15 (32 MiB, about 0.1 s). */
  cost?: number
}

/** Encrypts a private key under a passphrase: scrypt, then AES-256-GCM with kind and public key as associated data. */
export async function sealKey({
  kind,
  privateKey,
  passphrase,
  cost = 1 << 15,
}: SealKeyOptions): Promise<KeyFile> {
  const salt = randomBytes(16)
  const iv = randomBytes(12)
  const publicKey = toHex(publicKeyOf(kind, privateKey))
  const cipher = createCipheriv('aes-256-gcm', await deriveKey(passphrase, salt, cost), iv)
  cipher.setAAD(associated(kind, publicKey))
  const text = Buffer.concat([cipher.update(privateKey), cipher.final()])
  return {
    version: 1,
    kind,
    public: publicKey,
    kdf: { name: 'scrypt', n: cost, r: 8, p: 1, salt: toHex(salt) },
    cipher: { name: 'aes-256-gcm', iv: toHex(iv), tag: toHex(cipher.getAuthTag()), text: toHex(text) },
  }
}

/**
 * Decrypts a key file.
 *
 * @returns the private key, 32 bytes
 * @throws KeystoreError `wrong_passphrase` also when the file was changed: the two can not be told apart
 */
export async function openKey(file: KeyFile, passphrase: string): Promise<Uint8Array> {
  const key = await deriveKey(passphrase, fromHex(file.kdf.salt), file.kdf.n)
  const decipher = createDecipheriv('aes-256-gcm', key, fromHex(file.cipher.iv))
  decipher.setAAD(associated(file.kind, file.public))
  decipher.setAuthTag(fromHex(file.cipher.tag))
  try {
    return new Uint8Array(Buffer.concat([decipher.update(fromHex(file.cipher.text)), decipher.final()]))
  } catch (cause) {
    throw new KeystoreError({
      code: 'wrong_passphrase',
      message: `The passphrase does not open the ${file.kind} key ${file.public.slice(0, 20)}…, or the file was changed.`,
      field: 'passphrase',
      fix: 'Give the passphrase that the key was sealed with, or restore the file from a backup.',
      cause,
    })
  }
}

/** @throws KeystoreError `malformed_key_file` */
export function parseKeyFile(content: string): KeyFile {
  let json: unknown
  try {
    json = JSON.parse(content)
  } catch {
    json = undefined
  }
  const result = keyFile.safeParse(json)
  if (result.success) return result.data
  throw new KeystoreError({
    code: 'malformed_key_file',
    message: `The key file is not in the form of version 1: ${json === undefined ? 'it is not JSON' : z.prettifyError(result.error)}.`,
    field: 'key file',
    fix: 'Restore the file from a backup, or make a new key and register it.',
  })
}

/** Writes a key file that only its owner may read. */
export async function writeKeyFile(path: string, file: KeyFile): Promise<void> {
  await writeAtomic(path, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
}

/** Reads and opens a key file. */
export async function readKey(path: string, passphrase: string): Promise<Uint8Array> {
  return openKey(parseKeyFile(await readFile(path, 'utf8')), passphrase)
}

function publicKeyOf(kind: KeyKind, privateKey: Uint8Array): Uint8Array {
  const curve = createECDH(kind === 'p256' ? 'prime256v1' : 'secp256k1')
  curve.setPrivateKey(privateKey)
  return curve.getPublicKey()
}

function associated(kind: KeyKind, publicKey: string): Buffer {
  return Buffer.from(`cairn/key/1 ${kind} ${publicKey}`)
}

function deriveKey(passphrase: string, salt: Uint8Array, cost: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settings = { N: cost, r: 8, p: 1, maxmem: 256 * cost * 8 }
    scrypt(passphrase.normalize('NFKC'), salt, 32, settings, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}

const toHex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`
const fromHex = (text: string) => Buffer.from(text.slice(2), 'hex')
