/** A number for people: three or four digits, k, M and G above a thousand. Not in any locale. */
export function formatNumber(value: number): string {
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size >= 1e9) return `${digits(value / 1e9)} G`
  if (size >= 1e6) return `${digits(value / 1e6)} M`
  if (size >= 1e4) return `${digits(value / 1e3)} k`
  return digits(value)
}

function digits(value: number): string {
  const size = Math.abs(value)
  const places = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 5
  return value
    .toFixed(places)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
}

/** Round values between which an axis from 0 to `most` is divided: four to seven of them. */
export function axisTicks(most: number): number[] {
  if (!(most > 0)) return [0, 1]
  let unit = 1
  while (unit * 10 <= most) unit *= 10
  while (unit > most) unit /= 10
  const step = [0.2, 0.25, 0.5, 1, 2].map((part) => part * unit).find((part) => most / part <= 6) ?? unit
  const ticks = [0]
  while (ticks.at(-1)! < most) ticks.push(step * ticks.length)
  return ticks
}
