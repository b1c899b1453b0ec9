import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '@cairn/runtime'
import { standardSectors } from '@cairn/sector-standard'
import { expect, test } from 'vitest'
import { planReplay } from './plan-replay.ts'
import { TRACE_FILES } from './read-trace.ts'
import { replay } from './replay.ts'
import { testFrameBuilder } from './test-frame-builder.ts'

const FOLDER = fileURLToPath(new URL('../../../../shared/data/wireless/', import.meta.url))
const absent = TRACE_FILES.filter(({ name }) => !existsSync(join(FOLDER, name)))
const reason =
  absent.length === 0 ? '' : `, left out: ${absent.map(({ name }) => name).join(', ')} not in ../shared`

test.skipIf(absent.length > 0)(
  `behavior: recorded traffic is paid as it was recorded${reason}`,
  async () => {
    const plan = await planReplay({
      folder: FOLDER,
      files: TRACE_FILES,
      limit: 3000,
      durationMs: 15_000,
      build: testFrameBuilder(),
    })
    const home = await mkdtemp(join(tmpdir(), 'cairn-lora-replay-'))
    try {
      const found = await replay({
        plan,
        home,
        sectors: standardSectors,
        clock: systemClock(),
        say: () => {},
      })
      expect(found.problems).toEqual([])

      const { inFiles, accepted, rejected, repeated, neverAcknowledged, lost } = found.receptions
      const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0)
      expect(inFiles).toBe(8566)
      expect(accepted + refused + repeated + neverAcknowledged + lost).toBe(inFiles)
      // Honest gateways: nothing but copies of what is paid already is turned down.
      expect(Object.keys(rejected).filter((code) => !['101', '103', '104'].includes(code))).toEqual([])
      expect({ evidence: found.evidence, lost }).toEqual({ evidence: accepted + refused, lost: 0 })
      expect(found.totalWork).toBeGreaterThan(0n)
      expect(found.totalWork).toBe(found.expectedWork)

      const { rows, newest } = found.roots
      expect(rows.length).toBeGreaterThan(0)
      for (const { rootId, recomputedId, work, onChain } of rows) {
        expect(recomputedId).toBe(rootId)
        expect(onChain.state).toBe('final')
        expect(onChain.work).toBe(work)
      }
      expect(newest).toBe(rows.at(-1)?.rootId)
      expect(found.claims.paid).toBeGreaterThan(0n)
      expect(found.claims.after - found.claims.before).toBe(found.claims.paid)
      expect(found.audits.map(({ runtime, exitCode }) => [runtime, exitCode])).toEqual([
        ['node', 0],
        ['bun', 0],
        ['node', 3],
      ])
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  },
  300_000,
)
