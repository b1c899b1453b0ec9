import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '@cairn/runtime'
import { standardSectors } from '@cairn/sector-standard'
import { formatResult } from './format-result.ts'
import { type Args, parseArguments, USAGE } from './parse-args.ts'
import { planReplay } from './plan-replay.ts'
import { replay } from './replay.ts'
import { testFrameBuilder } from './test-frame-builder.ts'

const DATA = fileURLToPath(new URL('../../../../shared/data/wireless', import.meta.url))

async function main({ data, files, limit, seconds, keep, json }: Args): Promise<number> {
  const absent = files.filter(({ name }) => !existsSync(join(data, name)))
  if (absent.length > 0) {
    console.error(
      `${absent.map(({ name }) => name).join(', ')} not found in ${data}. The recorded traces are no part of the repository: they are expected beside it, in ../shared/data/wireless. Name another folder with --data, or leave files out with --files.`,
    )
    return 1
  }
  const say = (text: string) => {
    if (!json) console.error(`${new Date().toISOString().slice(11, 19)} ${text}`)
  }
  const clock = systemClock()
  const plan = await planReplay({
    folder: data,
    files,
    limit,
    durationMs: seconds * 1000,
    build: testFrameBuilder(),
  })
  say(
    `${plan.counts.receptions} receptions of ${plan.counts.uplinks} uplinks by ${plan.gateways.length} gateways are read`,
  )
  const home = await mkdtemp(join(tmpdir(), 'cairn-lora-replay-'))
  // Logs are what explains a story that did not come true.
  let isTrue = false
  try {
    const result = await replay({ plan, home, sectors: standardSectors, clock, say })
    if (json)
      console.log(
        JSON.stringify(result, (_, value) => (typeof value === 'bigint' ? value.toString() : value), 2),
      )
    else console.log(formatResult(result, standardSectors))
    isTrue = result.problems.length === 0
    return isTrue ? 0 : 1
  } finally {
    if (keep || !isTrue) console.error(`keys, state and logs are in ${home}`)
    else await rm(home, { recursive: true, force: true })
  }
}

try {
  if (process.argv.includes('--help')) console.log(USAGE)
  else process.exitCode = await main(parseArguments(process.argv.slice(2), DATA))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
