import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { BaseError, type Root } from '@cairn/protocol'
import type { ThreadExecutor } from '@cairn/recompute'
import type { Settled } from '@cairn/settlement'
import type { Cli, Register } from '../command.ts'
import { type OpenNetwork, openNetwork, openRecomputer } from '../open-network.ts'
import { short, tokens } from '../output/amounts.ts'
import { epochsText } from '../output/epochs.ts'
import { wholeNumber } from '../parse-options.ts'
import { Negative } from '../run-cli.ts'
import { settleThreads } from '../services/settle-threads.ts'

interface AuditOptions {
  readonly source?: readonly string[]
  readonly mirror?: string
  readonly offline: boolean
  readonly threads: number
}

interface AuditedRoot {
  readonly root: string
  readonly first: number
  readonly last: number
  readonly state: string
  readonly recomputed: string | null
  readonly same: boolean
  readonly reports: number
  readonly differs: readonly string[]
  readonly error: string | null
}

export const audit: Register = (program, act) => {
  program
    .command('audit')
    .description('recompute every standing root from the chain and published segments alone')
    .option('--source <url...>', 'where to get segments, before what is announced on chain')
    .option('--mirror <folder>', 'keep the segments; without it they are fetched into a temporary folder')
    .option('--offline', 'use nothing but the mirror: ask no source for segments', false)
    .option(
      '--threads <count>',
      'threads to settle in',
      wholeNumber(1, 256),
      Math.min(4, availableParallelism()),
    )
    .addHelpText(
      'after',
      '\nNothing of an earlier run is used: no database, no cached root. Exit code 3 when a root differs or can not be recomputed.',
    )
    .action(
      act(async (cli, { source, mirror, offline, threads }: AuditOptions) => {
        if (offline && mirror === undefined) throw noMirror()
        const open = await openNetwork(cli)
        const folder = mirror ?? (await mkdtemp(join(tmpdir(), 'cairn-audit-')))
        const executor = threads > 1 ? settleThreads(threads) : undefined
        try {
          const audited = await auditRoots(cli, open, { folder, sources: source ?? [], offline, executor })
          report(cli, audited)
          if (audited.some(({ same }) => !same)) throw new Negative()
        } finally {
          await executor?.close()
          if (mirror === undefined) await rm(folder, { recursive: true, force: true })
        }
      }),
    )
}

function noMirror(): BaseError {
  return new BaseError({
    code: 'no_mirror',
    message: 'An audit that asks no source for segments needs the folder that an earlier one kept.',
    fix: 'Name it with --mirror, or leave out --offline.',
    field: 'mirror',
  })
}

async function auditRoots(
  cli: Cli,
  open: OpenNetwork,
  options: {
    folder: string
    sources: readonly string[]
    offline: boolean
    executor: ThreadExecutor | undefined
  },
): Promise<AuditedRoot[]> {
  const { folder, sources, offline, executor } = options
  const recomputer = openRecomputer(open, cli, {
    cached: false,
    segmentsFolder: folder,
    sources,
    offline,
    ...(executor === undefined ? {} : { executor }),
  })
  const audited: AuditedRoot[] = []
  for (const { rootId, root, state } of open.followed.history.roots.standing) {
    cli.signal.throwIfAborted()
    cli.output.progress(`${epochsText(root.first, root.last)}: fetching and settling`)
    const base = { root: rootId, first: root.first, last: root.last, state }
    try {
      const settled = await recomputer.settleAgain(root)
      const same = settled.rootId === rootId
      audited.push({
        ...base,
        recomputed: settled.rootId,
        same,
        reports: settled.job.invalid.length,
        differs: same ? [] : differences(root, settled),
        error: null,
      })
    } catch (error) {
      audited.push({
        ...base,
        recomputed: null,
        same: false,
        reports: 0,
        differs: [],
        error: errorText(error),
      })
    }
    const last = audited.at(-1)!
    cli.output.note(
      `${last.same ? 'same   ' : 'DIFFERS'} ${epochsText(root.first, root.last)}, ${last.reports} reports, ${tokens(root.payoutSum)} promised, root ${short(rootId)}${last.error === null ? '' : `: ${last.error}`}`,
    )
  }
  return audited
}

/** With what each source answered, where segments could not be had. */
function errorText(error: unknown): string {
  if (!(error instanceof BaseError)) return String(error)
  const answers = Object.entries(error.meta ?? {}).map(([source, answer]) => `${source}: ${answer}`)
  return [error.message.replaceAll('\n\n', ' '), ...answers].join(' ')
}

function differences(attested: Root, { root }: Settled): string[] {
  const fields = Object.keys(attested) as (keyof Root)[]
  return fields.filter((field) => String(attested[field]) !== String(root[field]))
}

function report({ output }: Cli, audited: readonly AuditedRoot[]): void {
  const wrong = audited.filter(({ same }) => !same)
  const reports = audited.reduce((sum, root) => sum + root.reports, 0)
  const text =
    wrong.length === 0
      ? `All ${audited.length} roots recompute to what was attested, from ${reports} reports.`
      : `${wrong.length} of ${audited.length} roots do not recompute:\n${wrong.map(({ root, differs, error }) => `  ${root}: ${error ?? differs.join(', ')}`).join('\n')}`
  output.result({ roots: audited, same: wrong.length === 0, reports }, text)
}
