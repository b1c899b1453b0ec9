import { escapeHtml } from './escape-html.ts'
import { axisTicks, formatNumber } from './format-number.ts'

/** One line with the band around it. */
export interface ChartLine {
  readonly label: string
  readonly middle: readonly number[]
  readonly low: readonly number[]
  readonly high: readonly number[]
}

export interface Chart {
  /** Unique in its document: a word of a–z and "-". */
  readonly id: string
  readonly title: string
  readonly unit: string
  /** In years, one for each number of a line. */
  readonly years: readonly number[]
  readonly lines: readonly ChartLine[]
}

const width = 640
const height = 280
const frame = { left: 60, right: 12, top: 12, bottom: 34 }
const inner = { width: width - frame.left - frame.right, height: height - frame.top - frame.bottom }

/** Lines over years as inline SVG; colours are the classes `line-0`, `line-1`, … of the page. Its text alternative says where each line begins and ends. */
export function renderChart({ id, title, unit, years, lines }: Chart): string {
  const most = Math.max(...lines.flatMap(({ high }) => high), 0)
  const ticks = axisTicks(most)
  const top = ticks.at(-1)!
  const lastYear = years.at(-1) ?? 1
  const x = (year: number): number => frame.left + (year / lastYear) * inner.width
  const y = (value: number): number => frame.top + inner.height * (1 - value / top)
  const point = (value: number, at: number): string => `${x(years[at]!).toFixed(1)},${y(value).toFixed(1)}`
  const bands = lines.map(({ low, high }, index) => {
    const back = low.map(point).reverse()
    return `<polygon class="band line-${index}" points="${[...high.map(point), ...back].join(' ')}"/>`
  })
  const strokes = lines.map(
    ({ middle }, index) => `<polyline class="line line-${index}" points="${middle.map(point).join(' ')}"/>`,
  )
  return `<figure>
<figcaption id="${id}-title">${escapeHtml(title)} <span>${escapeHtml(unit)}</span></figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-text">
<desc id="${id}-text">${escapeHtml(describeLines(lines))}</desc>
${ticks.map((tick) => horizontal(y(tick), formatNumber(tick))).join('\n')}
${yearTicks(lastYear)
  .map((year) => vertical(x(year), String(year)))
  .join('\n')}
<text class="tick" x="${frame.left + inner.width / 2}" y="${height - 4}" text-anchor="middle">years</text>
${bands.join('\n')}
${strokes.join('\n')}
</svg>
</figure>`
}

const horizontal = (at: number, label: string): string =>
  `<line class="grid" x1="${frame.left}" x2="${width - frame.right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/><text class="tick" x="${frame.left - 6}" y="${(at + 4).toFixed(1)}" text-anchor="end">${label}</text>`

const vertical = (at: number, label: string): string =>
  `<text class="tick" x="${at.toFixed(1)}" y="${height - 20}" text-anchor="middle">${label}</text>`

function yearTicks(lastYear: number): number[] {
  const step = lastYear > 20 ? 5 : lastYear > 10 ? 2 : lastYear > 1.5 ? 1 : 0.25
  return Array.from({ length: Math.floor(lastYear / step + 1e-9) + 1 }, (_, index) => index * step)
}

function describeLines(lines: readonly ChartLine[]): string {
  return lines
    .map(({ label, middle, low, high }) => {
      const between = `${formatNumber(low.at(-1) ?? 0)} and ${formatNumber(high.at(-1) ?? 0)}`
      return `${label}: median ${formatNumber(middle[0] ?? 0)} at first, ${formatNumber(middle.at(-1) ?? 0)} in the end, half of the runs between ${between}.`
    })
    .join(' ')
}
