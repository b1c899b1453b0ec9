import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCrashRounds } from './run-crash-rounds.ts'

const rounds = Number(process.env.CAIRN_CRASH_ROUNDS ?? 50)
const seed = Number(process.env.CAIRN_CRASH_SEED ?? 20_261_123)

test(`behavior: killed ${rounds} times under load (seed ${seed}), the network keeps every promise`, {
  timeout: 300_000 + rounds * 20_000,
}, async () => {
  const home = await mkdtemp(join(tmpdir(), 'cairn-crash-'))
  const result = await runCrashRounds({
    home,
    rounds,
    seed,
    say: console.info,
    onRound: (round) => console.info(JSON.stringify(round)),
  })
  console.info(
    `crash rounds: seed ${seed}, ${result.rounds.length} rounds, ${result.hitRate} hit, ${result.evidence.acknowledged} reports acknowledged, ${result.roots.roots} roots, ${result.seconds} s`,
  )
  expect(result.faults).toEqual([])
  expect(result.rounds).toHaveLength(rounds)
  expect(result.evidence.acknowledged).toBeGreaterThan(rounds)
  // Only what proves the fault is kept.
  await rm(home, { recursive: true, force: true })
})
