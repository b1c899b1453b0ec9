import { finalise, readRecordOf } from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import type { NetworkSession } from './network-session.ts'

const FINAL = 3

/** Makes final what can be, in the order of the chain; a root that is not true is left to those who believe in it. */
export async function finaliseRoots(
  { history, reader, deployment, send }: NetworkSession,
  isTrue: (rootId: Hex) => Promise<boolean>,
  now: number,
): Promise<void> {
  for (const { rootId, state, finalisableAt } of history.roots.standing) {
    if (state === 'final') continue
    if (finalisableAt === undefined || now < finalisableAt || !(await isTrue(rootId))) return
    const record = await readRecordOf(reader, { rootId })
    if (record.openChallenges > 0 || now < Number(record.finalisableAt)) return
    const isFinal = async () => (await readRecordOf(reader, { rootId })).state === FINAL
    if ((await send(finalise(deployment, { rootId }), isFinal)) === 'refused') return
  }
}
