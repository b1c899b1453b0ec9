import { formatUnits } from 'viem'

/** An amount of the network's token as people read it, with at most four decimals. */
export function tokens(amount: bigint, decimals = 18): string {
  const [whole, fraction = ''] = formatUnits(amount, decimals).split('.')
  const shown = fraction.slice(0, 4).replace(/0+$/, '')
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ' ')
  return shown === '' ? grouped : `${grouped}.${shown}`
}

/** Credits in a dollar: they are its millionths. */
export const CREDITS_PER_DOLLAR = 1_000_000n

/** Credits as people read them: `$12.5`. */
export function dollars(credits: bigint): string {
  return `$${tokens(credits, 6)}`
}

/** Credits to the last one, for what is small: `$0.000012`. */
export function exactDollars(credits: bigint): string {
  return `$${formatUnits(credits, 6)}`
}

/** The first and last digits of a hash or address. */
export function short(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 8)}…${hex.slice(-4)}`
}

const byteUnits = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** A size as people read it, like `1.5 GiB`. */
export function byteText(bytes: number): string {
  const step = bytes < 1_024 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1_024 ** step).toFixed(step === 0 ? 0 : 1)} ${byteUnits[step]}`
}
