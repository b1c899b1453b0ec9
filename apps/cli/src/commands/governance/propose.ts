import { actionsOf, propose, readTokenOf, readVotesOf, readVotingRules } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { type DescribedAction, describeAction } from '../../governance/describe-action.ts'
import {
  GovernanceError,
  openGovernance,
  type PlacedProposal,
  readNow,
  readPlacedProposals,
  spanText,
} from '../../governance/open-governance.ts'
import {
  collectCalls,
  collectClassBonds,
  collectClassMakers,
  type ProposalOptions,
  proposalCalls,
} from '../../governance/proposal-calls.ts'
import { callRefused, readRefusedCalls } from '../../governance/refused-calls.ts'
import { requireSettleable } from '../../governance/unsettleable.ts'
import { connect } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { address, collectHashes, collectWholeNumbers } from '../../parse-options.ts'
import { governanceGroup } from './group.ts'

interface ProposeOptions extends ProposalOptions {
  readonly title: string
  readonly text?: string
  readonly force: boolean
  readonly account?: string
}

export const governancePropose: Register = (program, act) => {
  withAccount(
    governanceGroup(program)
      .command('propose')
      .description('put calls of the network’s owner to the vote, all or none of which it then makes')
      .requiredOption('--title <title>', 'one line')
      .option('--text <text>', 'why')
      .option('--ruleset <file>', 'adopt this ruleset: JSON')
      .option('--terms <file>', 'sell credits on these terms: JSON')
      .option('--bond-terms <file>', 'score and slash operators on these terms: JSON')
      .option(
        '--least-bond <class:amount>',
        'least bond of a device of the class; may be repeated',
        collectClassBonds,
      )
      .option('--maker <class:address>', 'approve a maker; may be repeated', collectClassMakers)
      .option(
        '--drop-maker <class:address>',
        'no longer approve a maker; may be repeated',
        collectClassMakers,
      )
      .option(
        '--require-maker <class>',
        'have new devices of the class need a maker',
        collectWholeNumbers(0xffff),
      )
      .option(
        '--quarantine <report>',
        'give no work to a report, by its hash; may be repeated',
        collectHashes,
      )
      .option('--call <to:data>', 'any other call, as hex; may be repeated', collectCalls)
      .option('--owner <address>', 'hand the network to another owner', address)
      .option(
        '--force',
        'propose although a call would be refused now, or leave the network without roots',
        false,
      ),
  ).action(
    act(async (cli, options: ProposeOptions) => {
      const open = await connect(cli)
      const { network } = open.file
      const governance = await openGovernance(open)
      const { governor, votingToken } = governance
      const account = await openAccount(cli, options.account)
      const actions = actionsOf(await proposalCalls(open.deployment, network, options))
      const known = {
        deployment: open.deployment,
        governance,
        network,
        token: await readTokenOf(open, { network }),
      }
      const described = actions.map((action) => describeAction(action, known))
      const refused = await readRefusedCalls(open, governance, described)
      if (!options.force) {
        if (refused.length > 0) throw callRefused(refused)
        requireSettleable(cli.sectors, described)
      }
      const rules = await readVotingRules(open.client, { governor, now: await readNow(open) })
      const { votes } = await readVotesOf(open.client, { votingToken, account: account.address })
      if (votes < rules.proposalThreshold) throw tooFewVotes(votes, rules.proposalThreshold)
      const content = { actions, description: descriptionOf(options) }
      const before = await readPlacedProposals(open, governance)
      const same = before.find((proposal) => isSame(proposal, content))
      if (same !== undefined) throw alreadyProposed(same)
      await submitterFor(open.client, account).submit(propose(governor, content), { signal: cli.signal })
      const made = (await readPlacedProposals(open, governance)).find((proposal) =>
        isSame(proposal, content),
      )!
      cli.output.result(
        { proposal: made.place, id: String(made.id), governor, actions: described.map(forJson), refused },
        [
          `Proposal ${made.place}: ${options.title}`,
          ...described.map(({ words }) => `  ${words}`),
          `Voting begins in ${spanText(rules.delaySeconds)} and lasts ${spanText(rules.periodSeconds)}: \`cairn governance vote ${made.place} for|against|abstain\`.`,
        ].join('\n'),
      )
    }),
  )
}

/** An action without the document, which its data has already. */
export function forJson({ to, value, data, name, words }: DescribedAction) {
  return { to, value: String(value), data, name, words }
}

function descriptionOf({ title, text }: ProposeOptions): string {
  const line = title.replaceAll('\n', ' ').trim()
  return text === undefined ? line : `${line}\n\n${text}`
}

type Content = Pick<PlacedProposal, 'actions' | 'description'>

function isSame(a: Content, b: Content): boolean {
  return (
    a.description === b.description &&
    a.actions.length === b.actions.length &&
    a.actions.every(
      ({ to, data }, i) => to.toLowerCase() === b.actions[i]!.to.toLowerCase() && data === b.actions[i]!.data,
    )
  )
}

function tooFewVotes(has: bigint, needed: bigint): GovernanceError {
  return new GovernanceError({
    code: 'too_few_votes',
    field: 'votes',
    value: tokens(has),
    message: `The account has ${tokens(has)} votes; it takes ${tokens(needed)} to propose.`,
    fix: `Lock ${tokens(needed - has)} more with \`cairn governance lock\`, or have others give you their votes; they count from the next second on.`,
  })
}

function alreadyProposed({ place }: PlacedProposal): GovernanceError {
  return new GovernanceError({
    code: 'already_proposed',
    field: 'title',
    value: String(place),
    message: `The very same was proposed before: it is proposal ${place}.`,
    fix: `Look at it with \`cairn governance show ${place}\`; to propose it again, give it another title or text.`,
  })
}
