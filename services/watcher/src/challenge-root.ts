import type { RootEntry } from '@cairn/chain'
import { BaseError, type Hex } from '@cairn/protocol'
import { createNetworkSession, type NetworkSession, type SessionOptions } from '@cairn/recompute'
import { type Challenger, createChallenger } from './challenger.ts'
import { pullSlashes } from './pull-slashes.ts'

/** What challenging one root needs. */
export interface ChallengeRootOptions extends SessionOptions {
  /** 32 bytes that nobody else knows, the same in a run that goes on with what another began. */
  readonly secret: Uint8Array
  /** Only recompute and say. */
  readonly onlyLook?: boolean
  /** How often the chain is looked at, in ms. Default 1 000. */
  readonly pollMs?: number
  readonly signal?: AbortSignal
}

/**
 * What came of it:
 *
 * - `true`: the root is what its inputs make;
 * - `false`: it is not, and nothing was done about it, for it was only looked at, or it has no quorum (yet);
 * - `dead`: a root that it builds on is false, and that one is to be challenged;
 * - `final`: it is false, and it is too late;
 * - `removed`: it is false, and a challenge has removed it.
 */
export type RootOutcome = 'true' | 'false' | 'dead' | 'final' | 'removed'

/** A root after {@link challengeRoot}. */
export interface ChallengedRoot {
  readonly outcome: RootOutcome
  readonly entry: RootEntry
  /** What its inputs make; undefined where what it builds on is false. */
  readonly recomputed: Hex | undefined
}

/** There is no such root; code `unknown_root`. */
export class UnknownRootError extends BaseError {}

/** Does once what a watcher does always: recomputes a root, challenges it where it is not true until it is removed, and slashes who attested it. */
export async function challengeRoot(rootId: Hex, options: ChallengeRootOptions): Promise<ChallengedRoot> {
  const { clock, secret, onlyLook = false, pollMs = 1_000, signal } = options
  const session = createNetworkSession(options)
  const challenger = createChallenger(session, { secret, mostOpen: 4, mostLost: 16 })
  try {
    for (;;) {
      signal?.throwIfAborted()
      await session.sync()
      const done = await stepOf(rootId, session, challenger, onlyLook)
      if (done !== undefined) return done
      await clock.sleep(pollMs, signal)
    }
  } finally {
    session.close()
  }
}

async function stepOf(
  rootId: Hex,
  session: NetworkSession,
  challenger: Challenger,
  onlyLook: boolean,
): Promise<ChallengedRoot | undefined> {
  const entry = session.history.roots.get(rootId)
  if (entry === undefined) throw unknownRoot(rootId)
  const settled = await session.roots.settle(entry.root.parent, entry.root.last)
  const recomputed = settled?.rootId
  const end = (outcome: RootOutcome) => ({ outcome, entry, recomputed })
  if (recomputed === rootId) return end('true')
  if (entry.state === 'removed') {
    if (onlyLook) return end('removed')
    await challenger.withdraw()
    await pullSlashes(session, new Set())
    return end('removed')
  }
  if (settled === undefined) return end('dead')
  if (entry.state === 'final') return end('final')
  if (onlyLook || entry.state === 'attesting') return end('false')
  await challenger.challenge(entry)
  return undefined
}

function unknownRoot(rootId: Hex): UnknownRootError {
  return new UnknownRootError({
    code: 'unknown_root',
    field: 'rootId',
    value: rootId,
    message: `Nobody has proposed a root ${rootId} in this network.`,
    fix: '`cairn epoch list` shows the roots that stand.',
  })
}
