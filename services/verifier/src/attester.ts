import { attest } from '@cairn/chain'
import {
  concatBytes,
  deriveTops,
  fromHex,
  type Hex,
  keccak256,
  type Root,
  type Tops,
  toHex,
} from '@cairn/protocol'
import type { NetworkSession } from '@cairn/recompute'
import {
  type Forged,
  forgeSettled,
  type RootTrees,
  type Settled,
  type VerifierFault,
} from '@cairn/settlement'
import { type Candidate, candidates } from './candidates.ts'

/** Votes for what it recomputes, and for nothing else unless it was told to lie. */
export interface Attester {
  run(now: number): Promise<void>
  /** What this verifier shows of a root when it is disputed; undefined for a root it does not stand up for. */
  treesFor(rootId: Hex): Promise<RootTrees | undefined>
  /** Whether this verifier wants the root to be final: it is what it recomputes, or its own forgery. */
  standsFor(rootId: Hex): Promise<boolean>
}

interface Vote {
  readonly root: Root
  readonly rootId: Hex
  readonly tops: Tops
}

/** Makes the attester of a verifier. */
export function createAttester(session: NetworkSession, fault: VerifierFault | undefined): Attester {
  const { history, roots, network, deployment, me, log } = session
  const forged = new Map<Hex, Forged>()
  const doubted = new Set<Hex>()

  const forge = async (settled: Settled): Promise<Forged | undefined> => {
    if (fault === undefined) return undefined
    const forgery = forgeSettled(settled, fault, await session.recomputer.stateOf(settled.root.parent), me)
    if (forgery !== undefined) {
      forged.set(forgery.rootId, forgery)
      await session.states.write(forgery.state)
    }
    return forgery
  }
  const voteOf = async (settled: Settled): Promise<Vote> =>
    (await forge(settled)) ?? {
      root: settled.root,
      rootId: settled.rootId,
      tops: deriveTops(settled.payoutTree, settled.workTree),
    }
  const vote = async ({ parent, last }: Candidate): Promise<void> => {
    const settled = await roots.settle(parent, last)
    if (settled === undefined) {
      if (!doubted.has(parent))
        log.warn({ root: parent }, 'attests nothing on a root that does not recompute')
      doubted.add(parent)
      return
    }
    const { root, rootId, tops } = await voteOf(settled)
    const accepted = history.roots.covering(last)
    if (accepted !== undefined && accepted.rootId !== rootId) {
      if (!doubted.has(accepted.rootId))
        log.warn({ root: accepted.rootId, own: rootId }, 'a root was accepted that does not recompute')
      doubted.add(accepted.rootId)
      return
    }
    const streamDigest = toHex(keccak256(concatBytes(fromHex(me), keccak256(settled.rows.bytes))))
    const result = await session.send(attest(deployment, { network, root, tops, streamDigest }))
    if (result === 'mined')
      log.info({ root: rootId, first: root.first, last, payout: root.payoutSum }, 'attested')
  }
  const trueTrees = async (rootId: Hex): Promise<RootTrees | undefined> => {
    const entry = history.roots.get(rootId)
    return entry && roots.treesOf(entry.root, rootId)
  }
  const forgedFor = async (rootId: Hex): Promise<Forged | undefined> => {
    const entry = history.roots.get(rootId)
    const isOwn = entry?.attestations.some(({ verifier }) => verifier.toLowerCase() === me)
    if (fault !== undefined && entry !== undefined && isOwn && !forged.has(rootId)) {
      // After a restart: what was forged once is forged again.
      const settled = await roots.settle(entry.root.parent, entry.root.last)
      if (settled !== undefined) await forge(settled)
    }
    return forged.get(rootId)
  }

  return {
    async run(now) {
      for (const candidate of candidates(history, me, now)) await vote(candidate)
    },
    async treesFor(rootId) {
      const own = await forgedFor(rootId)
      return own === undefined ? trueTrees(rootId) : own.trees
    },
    async standsFor(rootId) {
      return (await forgedFor(rootId)) !== undefined || (await trueTrees(rootId)) !== undefined
    },
  }
}
