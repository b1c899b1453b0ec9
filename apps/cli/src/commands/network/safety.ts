import { deriveSafety, type Remedy } from '@cairn/economics'
import type { Register } from '../../command.ts'
import { LOCAL_CHAIN } from '../../local-chain.ts'
import { openNetwork } from '../../open-network.ts'
import { Negative } from '../../run-cli.ts'
import { type AssumptionOptions, assumptionsOf, withAssumptions } from '../../safety/assumption-options.ts'
import { readFeedPrice, readSafetyParameters } from '../../safety/read-safety.ts'
import { safetyRows, safetyTable, wholeTokens } from '../../safety/show-safety.ts'
import { group } from '../group.ts'

export const networkSafety: Register = (program, act) => {
  withAssumptions(
    group(program, 'network', 'create networks and judge them')
      .command('safety')
      .description('whether cheating pays: what each role would lose against what it could gain')
      .addHelpText(
        'after',
        '\nExit code 3 where an inequality does not hold. The local chain is exempt from those about clocks. Formulas: specs/7-economics.md.',
      ),
    "the network's feed, or 1",
  ).action(
    act(async (cli, options: AssumptionOptions) => {
      const open = await openNetwork(cli)
      const { network, deployment } = open.file
      const assumptions = assumptionsOf(options, await readFeedPrice(open))
      const parameters = await readSafetyParameters(open, assumptions)
      const isLocal = deployment.chainId === LOCAL_CHAIN
      const rows = safetyRows(deriveSafety(parameters, assumptions, { isLocal }), fixOf)
      cli.output.result({ network, assumptions, parameters, inequalities: rows }, safetyTable(rows))
      if (rows.some(({ holds }) => !holds)) throw new Negative()
    }),
  )
}

function fixOf({ parameter, value }: Remedy): string {
  switch (parameter) {
    case 'verifierBond':
      return `Every verifier's bond has to be ${wholeTokens(value)} tokens (\`cairn stake deposit verifier\`), or more verifiers.`
    case 'ingestBond':
      return `Every ingest's bond has to be ${wholeTokens(value)} tokens (\`cairn stake deposit ingest\`); what being late costs never changes.`
    case 'challengeBond':
      return `It never changes: move to a network with --challenge-bond ${wholeTokens(value)}.`
    case 'verifiers':
      return `At least ${value} verifiers have to post a bond: \`cairn stake deposit --role verifier\`.`
    case 'sellerBps':
      return `The owner has to leave sellers at most ${value} basis points: \`Credits.setTerms\`.`
    case 'returnBps':
      return `The owner has to return at most ${value} basis points of what is burned.`
    case 'operatorBond':
      return `Every device's bond has to be ${wholeTokens(value)} tokens.`
    default:
      return `It never changes: move to a network with ${value} ${parameter}.`
  }
}
