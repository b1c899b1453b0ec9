import { claim, claimBatch, readVaultOf, type Submission, type Submitter } from '@cairn/chain'
import { buildPayoutTree, type Hex } from '@cairn/protocol'
import type { Recomputer } from '@cairn/recompute'
import { type DeviceRewards, deviceRewards, newestFinal, requireDevice } from './devices.ts'
import type { OpenNetwork } from './open-network.ts'

/** Most neighbours in one transaction. */
const BATCH = 50

export interface ClaimedRewards {
  readonly root: Hex
  readonly last: number
  readonly paid: bigint
  readonly devices: readonly DeviceRewards[]
  readonly claims: readonly { readonly devices: readonly number[]; readonly transaction: Hex | null }[]
}

export interface ClaimOptions {
  /** Device indexes; all when undefined. */
  readonly devices: readonly number[] | undefined
  readonly recomputer: Recomputer
  readonly submitter: Submitter
  readonly signal: AbortSignal
  readonly onProgress?: (text: string) => void
}

/** Claims what devices have earned by the newest final root, neighbours together; undefined when no root is final. */
export async function claimRewards(
  open: OpenNetwork,
  { devices, recomputer, submitter, signal, onProgress }: ClaimOptions,
): Promise<ClaimedRewards | undefined> {
  const final = newestFinal(open.followed)
  if (final === undefined) return undefined
  const { rootId } = final
  const { cumulative } = await recomputer.stateOf(rootId)
  const due: DeviceRewards[] = []
  for (const device of devices ?? cumulative.map((_, index) => index)) {
    requireDevice(open, device)
    const rewards = await deviceRewards(open, device, cumulative[device] ?? 0n)
    if (rewards.claimable > 0n) due.push(rewards)
  }
  const vault = await readVaultOf(open, { network: open.file.network })
  const tree = buildPayoutTree(cumulative)
  const runs = runsOf(due.map(({ device }) => device))
  const submit = async (run: readonly number[]) => {
    const first = run[0]!
    const call =
      run.length === 1
        ? claim({ vault, rootId, index: first, cumulative: cumulative[first]!, siblings: tree.proof(first) })
        : claimBatch({
            vault,
            rootId,
            first,
            cumulatives: run.map((device) => cumulative[device]!),
            siblings: tree.multiproof(first, run.length),
          })
    return { devices: run, transaction: hashOf(await submitter.submit(call, { signal })) }
  }
  onProgress?.(`claiming for ${due.length} devices in ${runs.length} transactions`)
  // Together: one after the other, each would wait for a block of its own.
  const claims = await Promise.all(runs.map(submit))
  const paid = due.reduce((sum, { claimable }) => sum + claimable, 0n)
  return { root: rootId, last: final.root.last, paid, devices: due, claims }
}

/** Stretches of neighbouring indexes, each short enough for one transaction. */
function runsOf(indexes: readonly number[]): number[][] {
  const found: number[][] = []
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const current = found.at(-1)
    if (current !== undefined && current.at(-1)! + 1 === index && current.length < BATCH) current.push(index)
    else found.push([index])
  }
  return found
}

function hashOf(submission: Submission): Hex | null {
  return submission.status === 'mined' ? submission.receipt.transactionHash : null
}
