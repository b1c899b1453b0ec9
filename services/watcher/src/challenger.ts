import {
  approve,
  type DisputeEntry,
  pick,
  type RootEntry,
  readAllowance,
  readBalanceOf,
  timeoutDispute,
  withdrawDispute,
} from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import type { NetworkSession } from '@cairn/recompute'
import {
  type ChallengerMove,
  challengerMoves,
  createFaultFinder,
  type FaultFinder,
  type GameView,
  type OpenDispute,
  shownOf,
} from '@cairn/settlement'
import { getAddress, maxUint256 } from 'viem'
import { announceThenSend } from './announce.ts'
import { type Challenged, demandCall, describeDemand, proofCall } from './challenge-call.ts'

/** What a challenger has to decide for itself. */
export interface ChallengerOptions {
  /** 32 bytes that nobody else knows: they make salts. */
  readonly secret: Uint8Array
  /** Disputes of one's own that may await an answer at once. Each holds a bond. */
  readonly mostOpen: number
  /** Disputes about one root that may be lost before it is left to others. Each costs a bond: half goes to the answerer, half is burned. */
  readonly mostLost: number
}

/** Challenges roots that do not recompute, from the first move to the last. */
export interface Challenger {
  /** Does what can be done now about a root that is not what its inputs make. */
  challenge(entry: RootEntry): Promise<void>
  /** Takes bonds back where a root fell otherwise. */
  withdraw(): Promise<void>
}

/** A contract that refuses the same thing this often will go on doing so. */
const PATIENCE = 3

export function createChallenger(session: NetworkSession, options: ChallengerOptions): Challenger {
  const { history, disputes, log, me } = session
  const finders = new Map<Hex, FaultFinder>()
  const said = new Map<Hex, string>()
  const refusals = new Map<string, number>()
  let rollbacks = 0

  const finderFor = async ({ rootId, root }: RootEntry): Promise<FaultFinder | undefined> => {
    const known = finders.get(rootId)
    if (known !== undefined) return known
    const honest = await session.roots.settle(root.parent, root.last)
    if (honest === undefined) return undefined
    const parent = await session.recomputer.stateOf(root.parent)
    const finder = createFaultFinder({ attested: root, honest, parent })
    finders.set(rootId, finder)
    return finder
  }
  const say = (rootId: Hex, words: string, more: object = {}) => {
    if (said.get(rootId) === words) return
    said.set(rootId, words)
    log.warn({ root: rootId, ...more }, words)
  }
  const lostAbout = (rootId: Hex) =>
    disputes.all.filter(
      (dispute) => dispute.rootId === rootId && dispute.turn === 'lost' && isMine(dispute, me),
    ).length

  return {
    async challenge(entry) {
      const { rootId } = entry
      if (rollbacks !== session.rollbacks) {
        finders.clear()
        refusals.clear()
      }
      rollbacks = session.rollbacks
      const find = await finderFor(entry)
      if (find === undefined) return
      const findings = find(shownOf(disputes.showings(rootId)))
      const moves = challengerMoves(findings, viewOf(session, entry, options.mostOpen))
      if (moves.length === 0 && findings.demands.length === 0 && findings.unprovable.length > 0)
        say(rootId, `can not prove what is wrong with this root: ${findings.unprovable.join('; ')}`)
      const lost = lostAbout(rootId)
      for (const move of moves) {
        if (move.move === 'open' && lost >= options.mostLost) {
          say(
            rootId,
            `lost ${lost} disputes about this root, as many as it is allowed to; leaves it to others`,
          )
          continue
        }
        await make(move, entry)
      }
    },
    async withdraw() {
      for (const { id, rootId } of disputes.open.filter((dispute) => isMine(dispute, me))) {
        if (history.roots.standing.some((standing) => standing.rootId === rootId)) continue
        log.info({ dispute: id, root: rootId }, 'takes its bond back, for the root fell otherwise')
        await session.send(withdrawDispute(session.deployment, { id }))
      }
    },
  }

  async function make(move: ChallengerMove, { rootId, root }: RootEntry): Promise<void> {
    const { deployment, network } = session
    const about: Challenged = { network, root, parent: history.roots.get(root.parent)?.root }
    switch (move.move) {
      case 'prove':
        say(rootId, `proves that this root is false: ${move.proof.kind}`)
        await announceThenSend(session, options.secret, (salt) =>
          proofCall(deployment, about, move.proof, salt),
        )
        return
      case 'open': {
        const words = describeDemand(move.demand)
        if (!(await hasBond())) return
        const key = `${rootId} ${words}`
        if ((refusals.get(key) ?? 0) >= PATIENCE) return
        say(rootId, `demands ${words}`)
        const attempt = disputes.all.filter(
          (dispute) => dispute.rootId === rootId && isMine(dispute, me) && isOver(dispute),
        ).length
        const build = (salt: Hex) => demandCall(deployment, about, move.demand, salt)
        const result = await announceThenSend(session, options.secret, build, attempt)
        if (result === 'refused') refusals.set(key, (refusals.get(key) ?? 0) + 1)
        return
      }
      case 'pick': {
        const [leftNode, rightNode] = move.pair
        await session.send(pick(deployment, { id: move.id, right: move.right, leftNode, rightNode }))
        return
      }
      case 'timeout':
        log.info({ dispute: move.id, root: rootId }, 'nobody answered in time; the root loses')
        await session.send(timeoutDispute(deployment, { id: move.id }))
        return
      case 'withdraw':
        await session.send(withdrawDispute(deployment, { id: move.id }))
    }
  }

  /** Whether there is enough for another bond, which is made available where that was not done yet. */
  async function hasBond(): Promise<boolean> {
    const { reader, deployment } = session
    const { token, challengeBond } = history.creation!.config
    const owner = getAddress(me)
    const balance = await readBalanceOf(reader, { token, account: owner })
    if (balance < challengeBond) {
      log.error(
        { balance, challengeBond, account: owner },
        'has not enough of the network token for the bond of a dispute; send it some',
      )
      return false
    }
    const spender = deployment.addresses.disputes
    if ((await readAllowance(reader, { token, owner, spender })) < challengeBond)
      await session.send(approve({ token, spender, amount: maxUint256 }))
    return true
  }
}

function viewOf(session: NetworkSession, { rootId, finalisableAt }: RootEntry, mostOpen: number): GameView {
  const { history, disputes, now, me } = session
  const window = history.timeline.challengeSeconds
  return {
    now,
    me,
    isStanding: history.roots.standing.some((standing) => standing.rootId === rootId),
    isLate: finalisableAt !== undefined && now > finalisableAt - window / 2,
    disputes: disputes.open.filter((dispute) => dispute.rootId === rootId).map(toOpenDispute),
    mostOpen,
  }
}

function toOpenDispute(entry: DisputeEntry): OpenDispute {
  const { id, kind, tree, device, height, position, turn, dueAt, shown } = entry
  return {
    id,
    challenger: entry.challenger.toLowerCase() as Hex,
    about:
      kind === 4 && entry.entry !== undefined
        ? { kind: 'unbacked', device, entry: entry.entry }
        : { kind: 'hidden', tree, device, height, position },
    awaits: turn === 'answerer' ? 'answer' : 'challenger',
    dueAt,
    ...(shown === undefined ? {} : { shown: [shown.left, shown.right] as const }),
  }
}

function isMine({ challenger }: DisputeEntry, me: Hex): boolean {
  return challenger.toLowerCase() === me
}

function isOver({ turn }: DisputeEntry): boolean {
  return turn !== 'answerer' && turn !== 'challenger'
}
