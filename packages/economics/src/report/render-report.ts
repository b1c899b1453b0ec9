import type { EconomyResult } from '../simulation/economy-result.ts'
import { metrics } from '../simulation/metrics.ts'
import { escapeHtml } from './escape-html.ts'
import { formatNumber } from './format-number.ts'
import { renderChart } from './line-chart.ts'

/** Okabe and Ito's colours, which people with any colour vision tell apart; lighter on dark ground. */
const colours = [
  ['#0072b2', '#56b4e9'],
  ['#b54708', '#f0a35e'],
  ['#007a5a', '#2fc49a'],
  ['#a8487f', '#dd9cc4'],
  ['#6b5b00', '#e6d64a'],
  ['#444444', '#bbbbbb'],
] as const

/** A page that needs nothing but itself: plots, a table of the last sample, and how to read them. */
export function renderReport(result: EconomyResult): string {
  const years = result.sampleEpochs.map((epoch) => epoch / 365)
  const charts = metrics.map(({ name, title, unit }) =>
    renderChart({
      id: `chart-${name.toLowerCase()}`,
      title,
      unit,
      years,
      lines: result.scenarios.map((scenario) => ({
        label: scenario.title,
        middle: scenario.metrics[name].q50,
        low: scenario.metrics[name].q25,
        high: scenario.metrics[name].q75,
      })),
    }),
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Simulated economy</title>
<style>${styles()}</style>
</head>
<body>
<main>
<h1>Simulated economy</h1>
<p>${escapeHtml(subtitle(result))}</p>
<ul class="legend">
${result.scenarios.map(legendItem).join('\n')}
</ul>
<p>Lines are medians over all runs; half of the runs stay within the shaded bands. Payback is cut at ten years and cover at 100. Money is counted with the arithmetic of the contracts; how people and prices behave is a model, not a forecast.</p>
<div class="charts">
${charts.join('\n')}
</div>
${finalTable(result)}
</main>
</body>
</html>
`
}

const subtitle = ({ operators, epochs, seeds, scenarios }: EconomyResult): string =>
  `${operators} possible operators, ${epochs} days, ${scenarios.length} scenarios, each run with ${seeds.length} seeds (${seeds[0]} to ${seeds.at(-1)}).`

const legendItem = ({ title, description }: EconomyResult['scenarios'][number], index: number): string =>
  `<li><svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true"><line class="line line-${index}" x1="0" x2="24" y1="4" y2="4"/></svg> <strong>${escapeHtml(title)}.</strong> ${escapeHtml(description)}</li>`

function finalTable({ scenarios }: EconomyResult): string {
  const head = metrics.map(
    ({ title, unit }) => `<th scope="col">${escapeHtml(title)}<br><small>${escapeHtml(unit)}</small></th>`,
  )
  const rows = scenarios.map(({ title, metrics: series }) => {
    const cells = metrics.map(({ name }) => {
      const { q05, q50, q95 } = series[name]
      const [low, middle, high] = [q05, q50, q95].map((values) => formatNumber(values.at(-1) ?? 0))
      return `<td>${middle}<br><small>${low} – ${high}</small></td>`
    })
    return `<tr><th scope="row">${escapeHtml(title)}</th>${cells.join('')}</tr>`
  })
  return `<h2>At the end</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Numbers at the end">
<table>
<caption>Median over seeds, and where nine of ten runs lie.</caption>
<thead><tr><th scope="col">Scenario</th>${head.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</div>`
}

function styles(): string {
  const paint = (shade: 0 | 1): string =>
    colours.map((pair, index) => `.line-${index}{stroke:${pair[shade]};fill:${pair[shade]}}`).join('')
  return `:root{--ground:#fff;--ink:#1b1f24;--quiet:#57606a;--rule:#d8dee4}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:84rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.6rem;margin:0 0 .5rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}
p{max-width:60rem}
.legend{list-style:none;padding:0}.legend li{margin:.25rem 0}
.charts{display:grid;gap:1.5rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr))}
figure{margin:0}figcaption{font-weight:600}figcaption span{color:var(--quiet);font-weight:400}
svg{max-width:100%;height:auto}
.grid{stroke:var(--rule)}.tick{fill:var(--quiet);font-size:12px}
${paint(0)}
.line{fill:none;stroke-width:2}.band{stroke:none;fill-opacity:.1}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.4rem .7rem;border-bottom:1px solid var(--rule);text-align:right;vertical-align:top}
th:first-child{text-align:left}caption{text-align:left;color:var(--quiet)}small{color:var(--quiet);font-weight:400}
@media (prefers-color-scheme:dark){:root{--ground:#14171a;--ink:#e6e8ea;--quiet:#a2abb3;--rule:#343b42}
${paint(1)}
.line{fill:none}.band{stroke:none}}
@media print{body{font-size:12px}}`
}
