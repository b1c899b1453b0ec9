import { epochAt } from '@cairn/chain'
import { parseRuleset } from '@cairn/protocol'
import type { Register } from '../../command.ts'
import { describeAction } from '../../governance/describe-action.ts'
import { findProposal, GovernanceError, openGovernance } from '../../governance/open-governance.ts'
import { type OpenNetwork, openNetwork } from '../../open-network.ts'
import { proposalNumber } from '../../parse-options.ts'
import { governanceGroup } from './group.ts'

export const governanceRuleset: Register = (program, act) => {
  governanceGroup(program)
    .command('ruleset')
    .description('the ruleset that is in force, or a proposed one, as JSON to begin another from')
    .argument('[proposal]', 'its number or id', proposalNumber)
    .action(
      act(async (cli, wanted: bigint | undefined) => {
        const open = await openNetwork(cli)
        const document = wanted === undefined ? inForce(open) : await proposedDocument(open, wanted)
        const ruleset = parseRuleset(document)
        cli.output.result(ruleset, JSON.stringify(ruleset, null, 2))
      }),
    )
}

function inForce({ followed: { history }, now }: OpenNetwork): Uint8Array {
  return history.rulesetAt(Math.max(0, epochAt(history.timeline, now)))!.document
}

async function proposedDocument(open: OpenNetwork, wanted: bigint): Promise<Uint8Array> {
  const governance = await openGovernance(open)
  const { place, actions } = await findProposal(open, governance, wanted)
  const { token } = open.followed.history.creation!.config
  const known = { deployment: open.deployment, governance, token, network: open.file.network }
  const found = actions
    .map((action) => describeAction(action, known).document)
    .find((text) => text !== undefined)
  if (found !== undefined) return found
  throw new GovernanceError({
    code: 'unknown_proposal',
    field: 'proposal',
    value: String(place),
    message: `Proposal ${place} adopts no ruleset.`,
    fix: `\`cairn governance show ${place}\` says what it would do.`,
  })
}
