import { randomBytes } from 'node:crypto'
import { deriveSignerSecret } from '../customer/derive-signer-secret.ts'
import { readRootKey } from '../gateway/key-files.ts'

/**
 * The signing key that a root key's file stands for, 32 bytes; makes the file where there is none.
 *
 * @throws KeyFileError
 */
export async function openSigner(
  rootKeyFile: string,
): Promise<{ readonly secret: Uint8Array; readonly isNew: boolean }> {
  const { rootKey, isNew } = await readRootKey(rootKeyFile, { isNewAllowed: true, random: randomBytes })
  return { secret: deriveSignerSecret(rootKey), isNew }
}
