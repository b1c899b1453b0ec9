import { epochAt } from '@cairn/chain'
import { BaseError, REASON_TEXT } from '@cairn/protocol'
import { type Settled, type VerdictText, workOf } from '@cairn/settlement'
import { type BondStanding, bondText, readBondStanding } from '../../bond-standing.ts'
import type { Cli, Register } from '../../command.ts'
import { parseIndex, requireDevice } from '../../devices.ts'
import { type OpenNetwork, openNetwork, openRecomputer } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { epochsText } from '../../output/epochs.ts'
import { table } from '../../output/table.ts'
import { rewardsGroup } from './group.ts'

interface ExplainedVerdict {
  readonly epoch: number
  readonly slot: number
  readonly index: number
  readonly observation: number
  readonly reason: number
  readonly text: string
  readonly measured: string | null
  readonly threshold: string | null
  readonly work: readonly bigint[]
  readonly what: Readonly<Record<string, string | number>> | null
}

/** No root covers what was asked for yet; code `not_settled`. */
class NotSettledError extends BaseError {}

export const rewardsExplain: Register = (program, act) => {
  rewardsGroup(program)
    .command('explain')
    .description('every verdict on a device in one root: reason, measured value and threshold')
    .argument('<device>', 'device index', parseIndex)
    .option('--epoch <number>', 'an epoch the root covers; the newest settled one when left out', parseIndex)
    .option('--limit <count>', 'verdicts to print', parseIndex, 40)
    .addHelpText(
      'after',
      '\nThe root is recomputed from public data to explain it: nobody is asked for a reason.',
    )
    .action(
      act(async (cli, device: number, { epoch, limit }: { epoch?: number; limit: number }) => {
        const open = await openNetwork(cli)
        requireDevice(open, device)
        const entry =
          epoch === undefined ? open.followed.history.roots.head : open.followed.history.roots.covering(epoch)
        if (entry === undefined) throw notSettled(epoch)
        const settled = await openRecomputer(open, cli, { cached: true }).settleAgain(
          entry.root,
          new Set([device]),
        )
        const explanation = explain(cli, open, settled, device)
        const bond = await readBondStanding(open, {
          network: open.file.network,
          index: device,
          epoch: epochAt(open.followed.history.timeline, open.now),
        })
        cli.output.result(
          { ...explanation, root: entry.rootId, state: entry.state, bond },
          textOf(explanation, bond, entry, limit),
        )
      }),
    )
}

function explain({ sectors }: Cli, open: OpenNetwork, settled: Settled, device: number) {
  const start = settled.rows.start[device] ?? 0
  const view = new DataView(settled.rows.bytes.buffer)
  const words = new Map(settled.texts.map((text) => [text.row, text]))
  const verdicts: ExplainedVerdict[] = []
  for (let row = start; row < (settled.rows.start[device + 1] ?? start); row++) {
    verdicts.push(explainRow(view, row, words.get(row), reasonTexts(sectors, open, settled)))
  }
  const work = workOf(settled.workRows, device)
  const cumulative = settled.state.cumulative[device] ?? 0n
  return {
    device,
    first: settled.root.first,
    last: settled.root.last,
    work,
    totals: settled.root.workSums,
    pots: settled.pots.pots,
    cumulative,
    verdicts,
  }
}

function reasonTexts(
  sectors: Cli['sectors'],
  { followed }: OpenNetwork,
  { root }: Settled,
): Readonly<Record<number, string>> {
  const document = followed.history.rulesetAt(root.last)?.document ?? new Uint8Array()
  const { sector } = JSON.parse(new TextDecoder().decode(document)) as { sector: string }
  return { ...REASON_TEXT, ...sectors.get(sector)?.reasons }
}

const ROW = 60

function explainRow(
  view: DataView,
  row: number,
  words: VerdictText | undefined,
  texts: Readonly<Record<number, string>>,
): ExplainedVerdict {
  const at = ROW * row
  const reason = view.getUint16(at + 10)
  const work = (program: number) =>
    (BigInt(view.getUint32(at + 12 + 12 * program)) << 64n) | view.getBigUint64(at + 16 + 12 * program)
  return {
    epoch: words?.epoch ?? -1,
    slot: view.getUint32(at),
    index: view.getUint32(at + 4),
    observation: view.getUint16(at + 8),
    reason,
    text: texts[reason] ?? `Reason ${reason}.`,
    measured: words?.measured ?? null,
    threshold: words?.threshold ?? null,
    work: [work(0), work(1), work(2), work(3)],
    what: words?.observation ?? null,
  }
}

function textOf(
  explanation: ReturnType<typeof explain>,
  bond: BondStanding,
  entry: { rootId: string; state: string },
  limit: number,
): string {
  const { device, first, last, work, totals, pots, cumulative, verdicts } = explanation
  const shares = work.flatMap((amount, program) =>
    totals[program] === 0n
      ? []
      : [
          `program ${program}: ${amount} of ${totals[program]} units of work, of a pot of ${tokens(pots[program]!)}`,
        ],
  )
  const counts = new Map<string, number>()
  for (const { reason, text } of verdicts)
    counts.set(`${reason}  ${text}`, (counts.get(`${reason}  ${text}`) ?? 0) + 1)
  return [
    `Device ${device}, ${epochsText(first, last)} (root ${entry.rootId}, ${entry.state})`,
    ...shares,
    `earned so far: ${tokens(cumulative)}`,
    bondText(bond),
    '',
    table(
      ['verdicts', 'reason'],
      [...counts].map(([text, count]) => [count, text]),
    ),
    '',
    table(
      ['slot', 'report', 'obs', 'reason', 'measured', 'threshold', 'work', 'what'],
      verdicts
        .slice(0, limit)
        .map((v) => [
          v.slot,
          v.index,
          v.observation,
          v.reason,
          v.measured ?? '',
          v.threshold ?? '',
          v.work.join('/').replace(/(\/0)+$/, ''),
          describe(v.what),
        ]),
    ),
    ...(verdicts.length > limit
      ? [`… and ${verdicts.length - limit} more (--limit, or --json for all)`]
      : []),
  ].join('\n')
}

function describe(what: ExplainedVerdict['what']): string {
  return what === null
    ? ''
    : Object.entries(what)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')
}

function notSettled(epoch: number | undefined): NotSettledError {
  return new NotSettledError({
    code: 'not_settled',
    message:
      epoch === undefined ? 'No root has been accepted yet.' : `No accepted root covers epoch ${epoch} yet.`,
    fix: 'See `cairn epoch list` for what is settled, and ask again later.',
  })
}
