import { readRailTermsOf } from '@cairn/chain'
import type { Register } from '../../../command.ts'
import { connect } from '../../../open-network.ts'
import { describeTerms } from './describe-terms.ts'
import { termsGroup } from './group.ts'

export const storageTermsShow: Register = (program, act) => {
  termsGroup(program)
    .command('show')
    .description('the terms of rails that are opened now')
    .action(
      act(async (cli) => {
        const open = await connect(cli)
        const { version, terms } = await readRailTermsOf(open, { network: open.file.network })
        cli.output.result({ version, ...terms }, describeTerms(terms))
      }),
    )
}
