import { isIPv4 } from 'node:net'

/** The network that an address is in, as placement counts them: a /24, or a /48 of IPv6 (spec 10, Placement). */
export function networkPrefix(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  const plain = mapped ?? address
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  const [left = ''] = plain.split('::')
  const groups = left === '' ? [] : left.split(':')
  const first = [0, 1, 2].map((i) => Number.parseInt(groups[i] ?? '0', 16).toString(16))
  return `${first.join(':')}::/48`
}
