import { type ProposalStatus, readTokenOf } from '@cairn/chain'
import { parseRuleset } from '@cairn/protocol'
import type { Register } from '../../command.ts'
import { changesOf } from '../../governance/changes-of.ts'
import { type DescribedAction, describeAction } from '../../governance/describe-action.ts'
import { openProposal, type PlacedProposal, spanText } from '../../governance/open-governance.ts'
import { readRefusedCalls } from '../../governance/refused-calls.ts'
import { whyUnsettleable } from '../../governance/unsettleable.ts'
import { type OpenNetwork, openNetwork } from '../../open-network.ts'
import { short, tokens } from '../../output/amounts.ts'
import { foreignText } from '../../output/foreign-text.ts'
import { table } from '../../output/table.ts'
import { proposalNumber } from '../../parse-options.ts'
import { governanceGroup } from './group.ts'
import { forJson } from './propose.ts'

const VOTES_SHOWN = 20

export const governanceShow: Register = (program, act) => {
  governanceGroup(program)
    .command('show')
    .description('a proposal: state, votes, quorum, time left, and what it would do')
    .argument('<proposal>', 'its number or id', proposalNumber)
    .action(
      act(async (cli, wanted: bigint) => {
        const open = await openNetwork(cli)
        const { network } = open.file
        const { governance, proposal, status } = await openProposal(open, wanted)
        const token = await readTokenOf(open, { network })
        const known = { deployment: open.deployment, governance, token, network }
        const actions = proposal.actions.map((action) => describeAction(action, known))
        const isDone = status.state === 'executed'
        const refused = isDone ? [] : await readRefusedCalls(open, governance, actions)
        const inForce = open.followed.history.rulesets.at(Number.MAX_SAFE_INTEGER)?.document
        const changes = isDone ? [] : actions.flatMap(({ document }) => rulesetChanges(inForce, document))
        const unsettleable = actions.flatMap((action) => whyUnsettleable(cli.sectors, action) ?? [])
        const timeText = timeLeft(status, proposal, open.now)
        cli.output.result(
          {
            proposal: proposal.place,
            id: String(proposal.id),
            proposer: proposal.proposer,
            description: proposal.description,
            ...status,
            snapshot: proposal.snapshot,
            timeLeft: timeText,
            actions: actions.map(forJson),
            rulesetChanges: changes,
            refused,
            unsettleable,
            votes: proposal.votes,
          },
          [
            `Proposal ${proposal.place}, ${status.state}: ${foreignText(proposal.description, { most: 4_000, lines: true })}`,
            '',
            `by ${proposal.proposer}; ${timeText}`,
            votesText(status),
            '',
            'It',
            ...actions.map(({ words }) => `  ${words}`),
            ...changes.map((change) => `    ${change}`),
            ...refused.map(({ message }) => `  would fail now: ${message}`),
            ...unsettleable.map((why) => `  would leave the network without roots: ${why}`),
            ...replayHint(open, proposal, { status, changes }),
            ...(proposal.votes.length === 0 ? [] : ['', votesTable(proposal)]),
          ].join('\n'),
        )
      }),
    )
}

function rulesetChanges(
  inForce: Uint8Array | undefined,
  document: DescribedAction['document'],
): readonly string[] {
  if (inForce === undefined || document === undefined) return []
  try {
    return changesOf(parseRuleset(inForce), parseRuleset(document))
  } catch {
    // It is no ruleset; `unsettleable` says so.
    return []
  }
}

/** How to see who would gain by it, while it can still be voted on. */
function replayHint(
  { followed }: OpenNetwork,
  { place }: PlacedProposal,
  { status, changes }: { readonly status: ProposalStatus; readonly changes: readonly string[] },
): readonly string[] {
  const settled = followed.history.roots.head?.root.last
  if (settled === undefined || changes.length === 0 || !['pending', 'active'].includes(status.state))
    return []
  return [
    '',
    `Who would have gained: \`cairn governance replay ${place} --epochs ${Math.max(0, settled - 9)}..${settled}\``,
  ]
}

function votesText({ tally, quorum }: ProposalStatus): string {
  const cast = tally.for + tally.abstain
  const need =
    quorum === undefined
      ? 'the quorum is known when voting begins'
      : `quorum ${tokens(quorum)}, ${cast >= quorum ? 'met' : `${tokens(quorum - cast)} short`}`
  return `for ${tokens(tally.for)}, against ${tokens(tally.against)}, abstain ${tokens(tally.abstain)}; ${need}`
}

function votesTable({ votes }: PlacedProposal): string {
  const heaviest = votes.toSorted((a, b) => (a.weight === b.weight ? 0 : a.weight > b.weight ? -1 : 1))
  const rows = heaviest
    .slice(0, VOTES_SHOWN)
    .map(({ voter, support, weight, reason }) => [
      short(voter),
      support,
      tokens(weight),
      foreignText(reason, { most: 80 }),
    ])
  const more = votes.length - rows.length
  return `${table(['voter', 'vote', 'weight', 'reason'], rows)}${more === 0 ? '' : `\nand ${more} more; --json has all of them`}`
}

/** What is waited for, and how long. */
function timeLeft(
  { state, deadline, executableAt, tally, quorum }: ProposalStatus,
  { snapshot }: PlacedProposal,
  now: number,
): string {
  if (state === 'pending') return `voting begins in ${spanText(snapshot + 1 - now)}`
  if (state === 'active') return `voting ends in ${spanText(deadline + 1 - now)}`
  if (state === 'succeeded') return 'it passed: `cairn governance queue`'
  if (state === 'queued') {
    const left = (executableAt ?? now) - now
    return left > 0
      ? `it can be executed in ${spanText(left)}`
      : 'it can be executed: `cairn governance execute`'
  }
  if (state === 'defeated')
    return quorum !== undefined && tally.for + tally.abstain < quorum
      ? 'the quorum was missed'
      : 'not more were for it than against'
  return state === 'executed' ? 'it is done' : 'its proposer took it back'
}
