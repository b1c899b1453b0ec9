import { type Call, commitChallenge, readCommittedAt } from '@cairn/chain'
import { concatBytes, fromHex, type Hex, keccak256, toHex } from '@cairn/protocol'
import type { NetworkSession } from '@cairn/recompute'
import { getAddress, zeroHash } from 'viem'

/**
 * Makes a challenge in two steps, at least one block apart: announced first, then sent. Call it again until it says `sent`; whether it was announced the chain knows.
 *
 * The salt follows from the secret and what the challenge says, so that after a restart it is still the one that was announced.
 *
 * @param secret 32 bytes that nobody else knows
 * @param build the challenge for a salt
 * @param attempt distinguishes a challenge from an earlier one that said the same
 */
export async function announceThenSend(
  session: NetworkSession,
  secret: Uint8Array,
  build: (salt: Hex) => Call,
  attempt = 0,
): Promise<'announced' | 'waiting' | 'sent' | 'refused'> {
  const content = keccak256(fromHex(build(zeroHash).data))
  const salt = toHex(keccak256(concatBytes(secret, content, Uint8Array.of(attempt >>> 8, attempt & 0xff))))
  const call = build(salt)
  const me = getAddress(session.me)
  const announcedAt = await readCommittedAt(session.reader, me, call)
  if (announcedAt === undefined) {
    const result = await session.send(commitChallenge(me, call))
    return result === 'refused' ? 'refused' : 'announced'
  }
  if (BigInt(session.block) <= announcedAt) return 'waiting'
  return (await session.send(call)) === 'refused' ? 'refused' : 'sent'
}
