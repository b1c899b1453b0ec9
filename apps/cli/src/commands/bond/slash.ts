import { epochAt, readBondOf, readScoreOf, slashOperator } from '@cairn/chain'
import { BaseError } from '@cairn/protocol'
import { decodeWorkLeaf } from '@cairn/settlement'
import { openAccount, submitterFor, withAccount } from '../../account.ts'
import type { Register } from '../../command.ts'
import { newestFinal, parseIndex, requireDevice } from '../../devices.ts'
import { openNetwork, openRecomputer } from '../../open-network.ts'
import { tokens } from '../../output/amounts.ts'
import { bondGroup } from './group.ts'

/** No final root covers what was asked for; code `not_final`. */
class NotFinalError extends BaseError {}

export const bondSlash: Register = (program, act) => {
  withAccount(
    bondGroup(program)
      .command('slash')
      .description('execute the faults that a final root found of a device; anybody can, once')
      .argument('<device>', 'device index', parseIndex)
      .option('--epoch <number>', 'an epoch the root covers; the newest final one when left out', parseIndex),
  ).action(
    act(async (cli, index: number, { epoch, account: name }: { epoch?: number; account?: string }) => {
      const open = await openNetwork(cli)
      requireDevice(open, index)
      const { history } = open.followed
      const entry = epoch === undefined ? newestFinal(open.followed) : history.roots.covering(epoch)
      if (entry?.state !== 'final') throw notFinal(epoch)
      const { network } = open.file
      const settled = await openRecomputer(open, cli, { cached: true }).settleAgain(entry.root)
      const work = {
        leaf: decodeWorkLeaf(settled.workTree.leafBytes(index)),
        siblings: settled.workTree.proof(index),
      }
      const before = await readBondOf(open, { network, index })
      await submitterFor(open.client, await openAccount(cli, name)).submit(
        slashOperator(open.deployment, { network, root: entry.root, work }),
        { signal: cli.signal },
      )
      const { amount } = await readBondOf(open, { network, index })
      const score = await readScoreOf(open, { network, index, epoch: epochAt(history.timeline, open.now) })
      cli.output.result(
        { device: index, root: entry.rootId, taken: before.amount - amount, bond: amount, score },
        `Device ${index} lost ${tokens(before.amount - amount)} of its bond; ${tokens(amount)} are left, and its score is ${score}.`,
      )
    }),
  )
}

function notFinal(epoch: number | undefined): NotFinalError {
  return new NotFinalError({
    code: 'not_final',
    field: 'epoch',
    message: epoch === undefined ? 'No root is final yet.' : `No final root covers epoch ${epoch} yet.`,
    fix: 'Faults are executed from final roots only: see `cairn epoch list`, and ask again later.',
  })
}
