import { describe, expect, test } from 'vitest'
import type { EconomyResult } from '../simulation/economy-result.ts'
import { metrics } from '../simulation/metrics.ts'
import { defaultParameters } from '../simulation/parameters.ts'
import { runEconomy } from '../simulation/run-economy.ts'
import { escapeHtml } from './escape-html.ts'
import { axisTicks, formatNumber } from './format-number.ts'
import { renderReport } from './render-report.ts'

const result = await runEconomy({
  parameters: defaultParameters(30, 360),
  scenarios: ['baseline', 'subsidy-end'],
  seeds: 3,
  firstSeed: 1,
})

describe('renderReport', () => {
  const page = renderReport(result)

  test('default: one plot for each metric, each with a title and a text alternative', () => {
    expect(page.match(/<figure>/g)).toHaveLength(metrics.length)
    expect(page.match(/<svg [^>]*role="img" aria-labelledby="[\w-]+ [\w-]+">/g)).toHaveLength(metrics.length)
    expect(page.match(/<desc id="[\w-]+">Baseline: median [^<]+Subsidy end: median/g)).toHaveLength(
      metrics.length,
    )
    for (const { title } of metrics) expect(page).toContain(`${title} <span>`)
    expect(new Set(page.match(/ id="[^"]+"/g)).size).toBe(page.match(/ id="[^"]+"/g)!.length)
  })

  test('behavior: nothing is fetched and nothing runs', () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:/)
    expect(page).toContain('prefers-color-scheme:dark')
  })

  test('behavior: every point lies within its plot, whose elements close', () => {
    const points = [...page.matchAll(/points="([^"]+)"/g)].flatMap(([, list]) => list!.split(' '))
    expect(points.length).toBeGreaterThan(100)
    for (const point of points) {
      const [x, y] = point.split(',').map(Number) as [number, number]
      if (!(x >= 60 && x <= 628 && y >= 12 && y <= 246)) throw new Error(`${point} lies outside`)
    }
    for (const element of ['svg', 'figure', 'table', 'tr', 'td', 'th', 'ul', 'li', 'div', 'main']) {
      const count = (pattern: RegExp) => page.match(pattern)?.length ?? 0
      expect([element, count(new RegExp(`<${element}[ >]`, 'g'))]).toEqual([
        element,
        count(new RegExp(`</${element}>`, 'g')),
      ])
    }
  })

  test('behavior: the same result gives the same page', () => {
    expect(renderReport(JSON.parse(JSON.stringify(result)))).toBe(page)
  })

  test('behavior: text of a result is text', () => {
    const [first] = result.scenarios
    const hostile: EconomyResult = {
      ...result,
      scenarios: [{ ...first!, title: '<script>alert(1)</script>', description: '"quotes" & more' }],
    }
    expect(renderReport(hostile)).not.toContain('<script>')
    expect(escapeHtml(`<a b="c" d='e'>&`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;')
  })

  test('behavior: a run of a few days, with nothing but zeros, has a page too', async () => {
    const parameters = { ...defaultParameters(1, 2), sampleEpochs: 1 }
    const tiny = await runEconomy({ parameters, scenarios: ['baseline'], seeds: 1, firstSeed: 1 })
    expect(renderReport(tiny)).not.toMatch(/NaN|Infinity|undefined/)
  })
})

test.for([
  [0, '0'],
  [0.0123456, '0.012'],
  [0.00012, '0.00012'],
  [1, '1'],
  [1.25, '1.25'],
  [12.34, '12.3'],
  [9_999, '9999'],
  [12_345, '12.3 k'],
  [1_234_567, '1.23 M'],
  [-2.5e9, '-2.5 G'],
] as const)('formatNumber: default: %d is %s', ([value, text]) => {
  expect(formatNumber(value)).toBe(text)
})

test('axisTicks: behavior: ticks begin at zero and reach the largest value in few steps', () => {
  for (const most of [0, 1e-6, 0.03, 0.99, 1, 2, 7, 12, 99, 100, 101, 3_650, 1.2e8]) {
    const ticks = axisTicks(most)
    expect(ticks[0]).toBe(0)
    expect(ticks.at(-1)!).toBeGreaterThanOrEqual(most)
    expect(ticks.length).toBeLessThanOrEqual(8)
    expect(ticks.length).toBeGreaterThanOrEqual(2)
  }
})
