import type { Register } from '../../command.ts'
import { openNetwork } from '../../open-network.ts'
import { short, tokens } from '../../output/amounts.ts'
import { table } from '../../output/table.ts'
import { type Challenges, readChallenges } from '../../read-challenges.ts'
import { challengeGroup } from './group.ts'

export const challengeList: Register = (program, act) => {
  challengeGroup(program)
    .command('list')
    .description('removed roots, disputes, proven faults of ingests, and the bonds they cost')
    .addHelpText(
      'after',
      '\nKinds: 1 wrong payout, 2 hidden, 3 malformed, 4 unbacked, 7 omitted, 8 equivocated.',
    )
    .action(
      act(async (cli) => {
        const challenges = await readChallenges(await openNetwork(cli))
        cli.output.result(challenges, textOf(challenges))
      }),
    )
}

function textOf({ removed, disputes, ingestFaults, slashed }: Challenges): string {
  const sections = [
    section(
      'Removed roots',
      ['root', 'epochs', 'kind', 'winner', 'collected', 'transaction'],
      removed.map(({ root, first, last, kind, winner, collected, transaction }) => [
        short(root),
        `${first}–${last}`,
        kind,
        short(winner),
        collected === null ? 'not yet' : tokens(collected),
        transaction,
      ]),
    ),
    section(
      'Disputes',
      ['id', 'root', 'kind', 'tree', 'challenger', 'state', 'opened by'],
      disputes.map(({ id, root, kind, tree, challenger, state, opened }) => [
        id,
        short(root),
        kind,
        tree,
        short(challenger),
        state === 'answerer' || state === 'challenger' ? `the ${state}'s move` : state,
        opened,
      ]),
    ),
    section(
      'Faults of ingests',
      ['epoch', 'ingest', 'kind', 'challenger', 'transaction'],
      ingestFaults.map(({ epoch, ingest, kind, challenger, transaction }) => [
        epoch,
        short(ingest),
        kind,
        short(challenger),
        transaction,
      ]),
    ),
    section(
      'Slashed bonds',
      ['role', 'holder', 'amount', "challenger's part", 'transaction'],
      slashed.map(({ role, holder, amount, reward, transaction }) => [
        role,
        short(holder),
        tokens(amount),
        tokens(reward),
        transaction,
      ]),
    ),
  ].filter((text) => text !== undefined)
  return sections.length === 0 ? 'Nothing was ever challenged here.' : sections.join('\n\n')
}

type Rows = readonly (readonly (string | number | bigint)[])[]

function section(title: string, headers: readonly string[], rows: Rows): string | undefined {
  return rows.length === 0 ? undefined : `${title}\n${table(headers, rows)}`
}
