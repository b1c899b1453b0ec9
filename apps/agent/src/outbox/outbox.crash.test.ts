import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seededRandom } from '@cairn/testing'
import { expect, test } from 'vitest'
import { openOutbox } from './outbox.ts'

const child = fileURLToPath(new URL('./crash-child.fixture.ts', import.meta.url))
const rounds = 10

/** Runs the child until it has written more than `lines` lines, then kills it without a warning. Returns whole lines only. */
function runAndKill(args: readonly string[], lines: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    running.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.split('\n').length > lines) running.kill('SIGKILL')
    })
    running.on('error', reject)
    running.on('close', (code, signal) =>
      signal === 'SIGKILL'
        ? resolve(text.split('\n').slice(0, -1))
        : reject(new Error(`The child ended by itself with code ${code}: ${text.slice(-200)}`)),
    )
  })
}

test('behavior: killed at any point, nothing that was promised is lost and no sequence is used twice', async () => {
  const seed = Number(process.env.SEED ?? 7)
  const random = seededRandom(seed)
  const path = join(mkdtempSync(join(tmpdir(), 'cairn-outbox-')), 'outbox')
  const kept = new Set<string>()
  const settling = new Set<string>()
  const sequences: string[] = []
  for (let round = 0; round < rounds; round++) {
    // Small files are rewritten all the time, so that kills fall into compaction as well.
    const compactBytes = round % 2 === 0 ? 2_000 : 1 << 20
    const lines = await runAndKill([path, `${round}`, `${compactBytes}`], 2 + Math.floor(random() * 300))
    for (const line of lines) {
      if (line.startsWith('kept ')) kept.add(line.slice(5))
      if (line.startsWith('settling ')) settling.add(line.slice(9))
      if (line.startsWith('sequence ')) sequences.push(line.slice(9))
    }
    const outbox = await openOutbox({ path })
    const held = [...outbox.waiting(), ...outbox.reports().flatMap(({ observations }) => observations)]
    const names = held.map(({ bytes }) => new TextDecoder().decode(bytes))
    expect(new Set(names).size, `seed ${seed}, round ${round}: held once`).toBe(names.length)
    const lost = [...kept].filter((name) => !settling.has(name) && !names.includes(name))
    expect(lost, `seed ${seed}, round ${round}: lost`).toEqual([])
    expect(new Set(sequences).size, `seed ${seed}, round ${round}: sequences`).toBe(sequences.length)
    await outbox.close()
  }
  expect(kept.size).toBeGreaterThan(100)
  expect(sequences.length).toBeGreaterThan(30)
}, 120_000)
