import {
  type Call,
  type DisputeEntry,
  readDisputeOf,
  showBacking,
  showChildren,
  showLeaf,
  timeoutDispute,
} from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import { type Answer, answerMove, type Question, type RootTrees } from '@cairn/settlement'
import type { NetworkSession } from './network-session.ts'

const AWAITING_ANSWER = 1

/**
 * Answers the open disputes about roots whose trees one has, and ends those whose challenger did not go on. Anybody may: the bond's half goes to who answered last.
 *
 * @param treesFor undefined for a root that one does not stand up for
 */
export async function answerDisputes(
  session: NetworkSession,
  treesFor: (rootId: Hex) => Promise<RootTrees | undefined>,
  now: number,
): Promise<void> {
  await Promise.all(
    session.disputes.open.map(async (dispute) => {
      const isOverdue = now > dispute.dueAt
      if (dispute.turn === 'answerer' ? isOverdue : !isOverdue) return
      const trees = await treesFor(dispute.rootId)
      if (trees === undefined) return
      const { id } = dispute
      if (dispute.turn === 'challenger') await session.send(timeoutDispute(session.deployment, { id }))
      else await answer(session, dispute, trees)
    }),
  )
}

async function answer(session: NetworkSession, dispute: DisputeEntry, trees: RootTrees): Promise<void> {
  const { id } = dispute
  const { reader, log } = session
  const record = await readDisputeOf(reader, { id })
  if (record.state !== AWAITING_ANSWER) return
  const question = questionOf(dispute, record.node)
  const given = answerMove(question, trees)
  if (given === undefined) {
    log.error({ dispute: id, question }, 'a dispute asks for what this root does not have; it is lost')
    return
  }
  const isAnswered = async () => (await readDisputeOf(reader, { id })).state !== AWAITING_ANSWER
  await session.send(callOf(session, dispute, given), isAnswered)
}

function questionOf({ kind, tree, device, height, position, entry }: DisputeEntry, node: Hex): Question {
  if (kind === 4 && entry !== undefined) return { kind: 'unbacked', device, entry }
  return { kind: 'hidden', tree, device, height, position, node }
}

function callOf({ deployment, history }: NetworkSession, { id, rootId }: DisputeEntry, answer: Answer): Call {
  switch (answer.move) {
    case 'children':
      return showChildren(deployment, { id, left: answer.left, right: answer.right })
    case 'leaf':
      return showLeaf(deployment, { id, leaf: answer.leaf })
    case 'backing': {
      const { root } = history.roots.get(rootId)!
      const parent = history.roots.get(root.parent)?.root
      const { entry, backing } = answer
      return showBacking(deployment, { id, root, ...(parent && { parent }), entry, ...backing })
    }
  }
}
