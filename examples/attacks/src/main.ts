import { parseArgs } from 'node:util'
import { setStage } from './stage.ts'
import { stories } from './stories.ts'
import type { Outcome, Story } from './story.ts'

const USAGE = `node examples/attacks/src/main.ts <attack> [--no-watcher] [--liars <count>] [--json]

${stories.map(({ name, title }) => `  ${name.padEnd(20)} ${title}`).join('\n')}

  --no-watcher  nobody watches: the lie is not found out
  --liars       lying-verifier: how many of three lie, each alone; 1 unless told
  --json        print how it ended as JSON, and nothing else, on standard output
`

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'no-watcher': { type: 'boolean', default: false },
      liars: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  })
  const story = stories.find(({ name }) => name === positionals[0])
  const liars = Number(values.liars)
  if (story === undefined || ![1, 2, 3].includes(liars)) {
    process.stderr.write(USAGE)
    return 2
  }
  const begun = performance.now()
  const say = (text: string) =>
    void process.stderr.write(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${text}\n`)
  say(story.title)
  const stage = await setStage({ ...story.cast(liars), watcher: !values['no-watcher'] }, say)
  let isTold = false
  try {
    const outcome = await story.tell(stage, say)
    const asJson = () =>
      JSON.stringify(outcome, (_, value) => (typeof value === 'bigint' ? `${value}` : value), 2)
    process.stdout.write(`${values.json ? asJson() : textOf(story, outcome)}\n`)
    isTold = true
    return 0
  } finally {
    await stage.stop(!isTold)
  }
}

/** The end of the story as people read it. */
function textOf({ name }: Story, outcome: Outcome): string {
  const { falseRoot, challenge, disputes, bonds, collected, finalRoot, honestRoot, paid } = outcome
  const isHonest = finalRoot !== null && finalRoot === honestRoot
  return [
    '',
    name,
    falseRoot && `  false root    ${falseRoot.root}, ${falseRoot.state}`,
    challenge
      ? `  challenge     of kind ${challenge.kind}, by ${challenge.winner}\n                in transaction ${challenge.transaction}`
      : '  challenge     none',
    disputes.length > 0 &&
      `  disputes      ${disputes.map(({ kind, tree, state }) => `kind ${kind}${kind === 2 ? ` about the ${tree} tree` : ''}, ${state}`).join('; ')}`,
    ...bonds.map(
      ({ role, holder, before, after }) =>
        `  bond          ${role} ${holder}: ${tokens(before)} before, ${tokens(after)} after`,
    ),
    collected !== null && `  collected     ${tokens(collected)} by the challenger`,
    `  final root    ${finalRoot ?? 'none'}`,
    `  honest root   ${honestRoot ?? 'none'}, recomputed${finalRoot === null ? '' : isHonest ? ': the same' : ': NOT THE SAME'}`,
    `  paid          ${tokens(paid)} to devices`,
  ]
    .filter((line) => typeof line === 'string')
    .join('\n')
}

function tokens(amount: bigint): string {
  return (Number(amount / 10n ** 12n) / 1e6).toString()
}
