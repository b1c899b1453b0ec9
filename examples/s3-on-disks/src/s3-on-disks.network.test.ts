import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runStory } from './run-story.ts'

test('behavior: by the command line alone: objects over four disks are proven, paid for, deleted, and outlive two disks', {
  timeout: 600_000,
}, async () => {
  const home = await mkdtemp(join(tmpdir(), 'cairn-s3-on-disks-'))
  try {
    const { objects, served, proven, rails } = await runStory(home, () => undefined)
    expect(served).toBe(objects)
    expect(proven.after).toBeLessThan(proven.before)
    expect(rails).toHaveLength(4)
    for (const { paid } of rails) expect(paid).toBeGreaterThan(0)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})
