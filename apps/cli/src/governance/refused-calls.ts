import { type ChainReader, type Governance, readRefusalOf } from '@cairn/chain'
import type { DescribedAction } from './describe-action.ts'
import { GovernanceError } from './open-governance.ts'

/** A call that the contracts would refuse the timelock now. */
export interface RefusedCall {
  readonly name: string
  readonly error: string
  readonly message: string
}

/** Tries each call from the timelock on the newest block. One that needs another of the same proposal first is refused here, too. */
export async function readRefusedCalls(
  { client }: Pick<ChainReader, 'client'>,
  { timelock }: Governance,
  actions: readonly DescribedAction[],
): Promise<readonly RefusedCall[]> {
  const refusals = await Promise.all(
    actions.map((action) => readRefusalOf(client, { from: timelock, action, name: action.name })),
  )
  return refusals.flatMap((refusal) => {
    if (refusal === undefined) return []
    const [message] = refusal.message.split('\n\n')
    return [{ name: refusal.field ?? '', error: refusal.errorName, message: message ?? '' }]
  })
}

/** For a proposal that would pass its vote and then fail. */
export function callRefused(refused: readonly RefusedCall[]): GovernanceError {
  return new GovernanceError({
    code: 'call_refused',
    field: refused[0]!.name,
    value: refused[0]!.error,
    message: `Nothing was proposed: were it executed now, it would fail.\n${refused.map(({ message }) => message).join('\n')}`,
    fix: 'Change the call; no vote can touch funds, bonds or final roots. Where an earlier call of the same proposal makes it possible, --force proposes it.',
    meta: Object.fromEntries(refused.map(({ name, error }) => [name, error])),
  })
}
