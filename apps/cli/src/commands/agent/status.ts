import { join } from 'node:path'
import type { AgentStatus } from '@cairn/agent'
import type { Register } from '../../command.ts'
import { table } from '../../output/table.ts'
import { readAgentStatus } from '../../services/agent-status-file.ts'
import { group } from '../group.ts'

export const agentStatus: Register = (program, act) => {
  group(program, 'agent', 'host devices')
    .command('status')
    .description('what the agent on this machine hears, what it could not use and why, what waits to be sent')
    .option('--data <folder>', 'where the agent keeps observations and receipts')
    .action(
      act(async (cli, { data }: { data?: string }) => {
        const file = await readAgentStatus(data ?? join(cli.home, 'agent', cli.networkName))
        const when = new Date(file.atMs).toISOString()
        const head = file.isRunning ? `running, as of ${when}` : `stopped at ${when}`
        cli.output.result(file, `${head}\n\n${textOf(file.status)}`)
      }),
    )
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
