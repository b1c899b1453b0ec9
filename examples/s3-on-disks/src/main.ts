/** An S3 bucket on the disks of four owners. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStory } from './run-story.ts'

const home = await mkdtemp(join(tmpdir(), 'cairn-s3-on-disks-'))
try {
  const story = await runStory(home, (text) => console.error(text))
  console.log(JSON.stringify(story, null, 2))
  await rm(home, { recursive: true, force: true })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.error(`keys, state and logs are in ${home}`)
  process.exitCode = 1
}
