import { createVerifyP256, sha256 } from '@cairn/runtime'
import type { Means } from '@cairn/settlement'
import type { Cli } from '../command.ts'

/** What settling needs of this program: its sectors, and Node's cryptography. */
export function nodeMeans(sectors: Cli['sectors']): Means {
  return { sectors, sha256, verifyP256: createVerifyP256() }
}
