/** Kills services of a network under load and checks that nothing promised is lost. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runCrashRounds } from './run-crash-rounds.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: `${Math.floor(Math.random() * 2 ** 31)}` },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})

const home = await mkdtemp(join(tmpdir(), 'cairn-crash-'))
const say = (text: string) => void process.stderr.write(`${text}\n`)
say(`seed ${values.seed}, home ${home}`)
const result = await runCrashRounds({
  home,
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  say,
  onRound: ({ seed, round, victim, phase, epoch, inFlight, hit, lostBlocks, downMs, missed }) => {
    const { requests, transactions, due, unfetched } = inFlight
    const work = `${requests} requests, ${transactions} transactions, ${due} due, ${unfetched} unfetched in flight`
    const lost = victim === 'chain' ? `, ${lostBlocks} blocks lost` : ''
    const away = missed === undefined ? '' : `, away until the sealing of epoch ${missed} was over`
    say(
      `seed ${seed} round ${round}: ${victim} killed at ${phase} in epoch ${epoch}, ${work}${hit ? '' : ' (no hit)'}${lost}${away}, back after ${downMs} ms`,
    )
  },
})
const text = JSON.stringify(result, (_, value) => (typeof value === 'bigint' ? `${value}` : value), 2)
if (values.json) process.stdout.write(`${text}\n`)
else {
  const { rounds, hitRate, evidence, roots, claims, late, seconds, faults } = result
  say(
    `${rounds.length} rounds, ${(100 * hitRate).toFixed(0)} % hit work in flight; ${evidence.acknowledged} reports acknowledged in ${evidence.commitments} epochs, ${late.length} of them committed late, ${evidence.lost.length} lost; ${roots.roots} roots, ${roots.final} final; ${claims.paid} claims paid; ${seconds.toFixed(0)} s`,
  )
  for (const fault of faults) say(`FAULT: ${fault}`)
}
if (result.faults.length === 0 && !values.keep) await rm(home, { recursive: true, force: true })
process.exitCode = result.faults.length === 0 ? 0 : 1
