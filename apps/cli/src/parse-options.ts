import { InvalidArgumentError } from 'commander'
import { isAddress, isHash, parseUnits } from 'viem'

/** For commander: a whole number within bounds. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`)
  }
}

/** For commander: an amount of an 18-decimal token, like 1000 or 0.5, in its smallest unit. */
export function tokenAmount(text: string): bigint {
  if (/^\d+(\.\d{1,18})?$/.test(text)) return parseUnits(text, 18)
  throw new InvalidArgumentError('expected an amount like 1000 or 0.5')
}

/** For commander: dollars, like 25 or 0.5, in credits, which are their millionths. */
export function dollarAmount(text: string): bigint {
  if (/^\d{1,15}(\.\d{1,6})?$/.test(text)) return parseUnits(text, 6)
  throw new InvalidArgumentError('expected dollars like 25 or 0.5')
}

/** For commander: a price of gas in gwei, like 1 or 0.05, in wei. */
export function gweiAmount(text: string): bigint {
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return parseUnits(text, 9)
  throw new InvalidArgumentError('expected gwei like 1 or 0.05')
}

/** For commander: an address. */
export function address(text: string): `0x${string}` {
  if (isAddress(text)) return text
  throw new InvalidArgumentError(
    'expected an address: 0x and 40 hexadecimal digits, with a right checksum if it has one',
  )
}

/** For commander: a hash of 32 bytes, in lower case. */
export function hash(text: string): `0x${string}` {
  if (isHash(text)) return text.toLowerCase() as `0x${string}`
  throw new InvalidArgumentError('expected a hash: 0x and 64 hexadecimal digits')
}

/** For commander: collects hashes. */
export function collectHashes(text: string, before: readonly `0x${string}`[] = []): readonly `0x${string}`[] {
  return [...before, hash(text)]
}

/** For commander: collects whole numbers. */
export function collectWholeNumbers(
  most: number,
): (text: string, before?: readonly number[]) => readonly number[] {
  const parse = wholeNumber(0, most)
  return (text, before = []) => [...before, parse(text)]
}

/** For commander: the number of a proposal, or its id of up to 78 digits. */
export function proposalNumber(text: string): bigint {
  if (/^[1-9]\d{0,77}$/.test(text)) return BigInt(text)
  throw new InvalidArgumentError("expected a proposal's number, like 1, or its whole id")
}

/** For commander: a range of epochs, `10..20`, or a single one. */
export function epochRange(text: string): { readonly first: number; readonly last: number } {
  const parts = text.split('..')
  const [first, last] = [Number(parts[0]), Number(parts.at(-1))]
  if (/^\d{1,9}(\.\.\d{1,9})?$/.test(text) && first <= last) return { first, last }
  throw new InvalidArgumentError('expected epochs like 10..20')
}

/** For commander: an http(s) URL. */
export function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/$/, '')
  throw new InvalidArgumentError('expected an http or https URL')
}

/** For commander: one of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text)
    if (word !== undefined) return word
    throw new InvalidArgumentError(`expected one of ${words.join(', ')}`)
  }
}

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }

/** For commander: a stretch of time, like 90s, 30m, 12h, 1d or 2w, in seconds. */
export function duration(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,8})([smhdw])$/.exec(text) ?? []
  if (count !== undefined && unit !== undefined) return Number(count) * secondsOf[unit]!
  throw new InvalidArgumentError('expected a time like 90s, 30m, 12h, 1d or 2w')
}

/** For commander: a share, like 1% or 0.05%, in parts of a billion. */
export function share(text: string): bigint {
  const [, percent] = /^(\d{1,3}(?:\.\d{1,7})?)%$/.exec(text) ?? []
  const ppb = percent === undefined ? undefined : parseUnits(percent, 7)
  if (ppb !== undefined && ppb <= 1_000_000_000n) return ppb
  throw new InvalidArgumentError('expected a share from 0% to 100%, like 1% or 0.05%')
}

const bytesOf: Readonly<Record<string, bigint>> = {
  '': 1n,
  KiB: 2n ** 10n,
  MiB: 2n ** 20n,
  GiB: 2n ** 30n,
  TiB: 2n ** 40n,
}

/** For commander: a size, like 500GiB, 1TiB or 4096, in bytes; at least one, and less than 2⁵⁰. */
export function byteSize(text: string): bigint {
  const [, count, unit = ''] = /^([1-9]\d{0,14})(KiB|MiB|GiB|TiB)?$/.exec(text) ?? []
  const bytes = count === undefined ? undefined : BigInt(count) * bytesOf[unit]!
  if (bytes !== undefined && bytes < 2n ** 50n) return bytes
  throw new InvalidArgumentError('expected a size like 500GiB, 1TiB or 4096 (bytes), less than 1024TiB')
}

/** For commander: the id of a rail. */
export function railId(text: string): bigint {
  if (/^\d{1,15}$/.test(text)) return BigInt(text)
  throw new InvalidArgumentError("expected a rail's id, a whole number")
}
