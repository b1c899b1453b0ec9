import { join } from 'node:path'
import type { AgentStatus } from '@cairn/agent'
import { Option } from 'commander'
import type { Register } from '../../command.ts'
import { parseIndex } from '../../devices.ts'
import { table } from '../../output/table.ts'
import { findOperatorFolder, operatorFolder } from '../../services/operator-folder.ts'
import { readStatusFile, type StatusFile } from '../../services/status-file.ts'
import type { OperatorStatus } from '../../storage/storage-seam.ts'
import { group } from '../group.ts'
import { describeOperator } from './describe-operator.ts'

interface AgentStatusOptions {
  readonly data?: string
  readonly sector?: 'storage'
  readonly device?: number
}

export const agentStatus: Register = (program, act) => {
  group(program, 'agent', 'host devices')
    .command('status')
    .description(
      'what the agent on this machine hears, what it could not use and why, what waits to be sent; or how its operator gets on',
    )
    .option('--data <folder>', 'where the agent keeps observations and receipts, or the rows of customers')
    .addOption(new Option('--sector <name>', 'of the operator of a sector, instead').choices(['storage']))
    .option('--device <index>', 'storage: which device, where this home has more than one', parseIndex)
    .action(
      act(async (cli, { data, sector, device }: AgentStatusOptions) => {
        if (sector === undefined) {
          const folder = data ?? join(cli.home, 'agent', cli.networkName)
          const file = await readStatusFile<AgentStatus>(folder)
          return cli.output.result(file, `${headOf(file)}\n\n${textOf(file.status)}`)
        }
        const folder =
          data ?? (device === undefined ? await findOperatorFolder(cli) : operatorFolder(cli, device))
        const file = await readStatusFile<OperatorStatus>(folder)
        cli.output.result(file, `${headOf(file)}\n\n${describeOperator(file.status)}`)
      }),
    )
}

function headOf({ atMs, isRunning }: StatusFile<unknown>): string {
  const when = new Date(atMs).toISOString()
  return isRunning ? `running, as of ${when}` : `stopped at ${when}`
}

function textOf({ epoch, devices, outbox, ingests, driver, deadLetters }: AgentStatus): string {
  const counts = Object.entries({ ...driver?.counts, ...deadLetters })
  return [
    `${devices.length} devices, epoch ${epoch ?? 'not begun'}, listens on ${driver?.listensOn ?? 'nothing'}`,
    `${outbox.observations} observations wait, ${outbox.reports} reports are on their way`,
    ...ingests.map(
      ({ url, accepted, lastProblem }) =>
        `ingest ${url}: ${accepted} reports accepted${lastProblem === undefined ? '' : `; last problem: ${lastProblem}`}`,
    ),
    '',
    table(['what', 'count'], counts),
    ...(driver?.problems ?? []).map(
      ({ subject, problem, fix, count }) => `\n${subject} (${count}): ${problem}\n  ${fix}`,
    ),
  ].join('\n')
}
