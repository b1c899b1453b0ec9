import { BaseError, type Hex } from '@cairn/protocol'
import type { FetchBytes } from './fetch-evidence.ts'

/** Where the rounds of a drand chain are published. */
export interface DrandSource {
  /** Base URLs, in the order to ask them. None has to be trusted: a round's signature is checked on chain. */
  readonly urls: readonly string[]
  /** Names the chain in them. */
  readonly chainHash: Hex
}

/** No endpoint gave the round; code `round_unavailable`, and `meta` says what each answered. */
export class RoundError extends BaseError {}

/** An answer has 300 bytes or so. */
const MAX_BYTES = 4096

/**
 * The signature of a drand round, 64 bytes, from the first endpoint that has it: `GET /<chain hash>/public/<round>` of drand's HTTP API.
 *
 * @throws RoundError when none has, as before the round is published
 */
export async function fetchRound(
  round: bigint,
  { urls, chainHash }: DrandSource,
  fetchBytes: FetchBytes,
): Promise<Hex> {
  const answers: Record<string, string> = {}
  for (const url of urls) {
    try {
      const bytes = await fetchBytes(`${url}/${chainHash.slice(2)}/public/${round}`, MAX_BYTES)
      return parseRound(bytes, round)
    } catch (error) {
      answers[url] = error instanceof Error ? error.message.split('\n')[0]! : String(error)
    }
  }
  throw new RoundError({
    code: 'round_unavailable',
    message: `None of ${urls.length} drand endpoints gave round ${round}.`,
    fix: 'It is asked for again. Where that does not help, name other endpoints of the same chain.',
    meta: answers,
  })
}

function parseRound(bytes: Uint8Array, expected: bigint): Hex {
  const answer: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  const { round, signature } = (answer ?? {}) as { round?: unknown; signature?: unknown }
  if (typeof round !== 'number' || !Number.isSafeInteger(round) || BigInt(round) !== expected)
    throw new Error(`round ${String(round)} instead of ${expected}`)
  if (typeof signature !== 'string' || !/^[0-9a-f]{128}$/.test(signature))
    throw new Error('a signature that is not 64 bytes of hex')
  return `0x${signature}`
}
