import { copyPieces, readDataSet, readRail, succeedRail } from '@cairn/chain'
import { openAccount, submitterFor, withAccount } from '../../../account.ts'
import type { Register } from '../../../command.ts'
import { parseIndex } from '../../../devices.ts'
import { connect } from '../../../open-network.ts'
import { railId } from '../../../parse-options.ts'
import { describeRail, readRailStanding } from '../rail/standing.ts'
import { repairGroup } from './group.ts'

/** Pieces that one call copies at most. */
const PIECES_A_CALL = 128

export const storageRepairClaim: Register = (program, act) => {
  withAccount(
    repairGroup(program)
      .command('claim')
      .description('take on the repair of a lost rail with a device, and put its pieces under proof there')
      .argument('<rail>', 'id of the lost rail', railId)
      .argument('<device>', 'index of a device that the sender owns, or is the delegate of', parseIndex),
  ).action(
    act(async (cli, lost: bigint, device: number, { account: name }: { account?: string }) => {
      const open = await connect(cli)
      const { deployment } = open
      const { signal } = cli
      const submitter = submitterFor(open.client, await openAccount(cli, name))
      await submitter.submit(succeedRail(deployment, { lost, device }), { signal })
      const { set, successor } = await readRail(open, { rail: lost })
      const rail = successor!
      const { pieces } = await readDataSet(open, { set })
      for (let copied = 0; copied < pieces; { copied } = await readRail(open, { rail })) {
        cli.output.progress(`${copied} of ${pieces} pieces copied`)
        await submitter.submit(copyPieces(deployment, { rail, most: PIECES_A_CALL }), { signal })
      }
      const after = await readRailStanding(open, { rail })
      const next = `Prove all of it until the end of period ${after.repairUntil}; then \`cairn storage repair complete ${rail}\`.`
      cli.output.result(after, `${describeRail(after)}\n${next}`)
    }),
  )
}
