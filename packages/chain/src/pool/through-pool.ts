import { type Address, isAddressEqual, toFunctionSelector } from 'viem'
import { type Call, encodeCall, type Transaction } from '../call.ts'
import type { Deployment, Singleton } from '../deployment.ts'
import { delegationPoolAbi } from '../generated/delegation-pool.ts'
import { disputesAbi } from '../generated/disputes.ts'
import { evidenceAbi } from '../generated/evidence.ts'
import { settlementAbi } from '../generated/settlement.ts'
import { stakeAbi } from '../generated/stake.ts'
import type { Submitter } from '../submit/create-submitter.ts'

/** The calls for which it matters that the pool makes them: those `DelegationPool.act` lets through. */
const acts: readonly (readonly [Singleton, string])[] = [
  ['settlement', selectorOf(settlementAbi, 'attest')],
  ['evidence', selectorOf(evidenceAbi, 'markUnavailable')],
  ['stake', selectorOf(stakeAbi, 'announce')],
  ['disputes', selectorOf(disputesAbi, 'showChildren')],
  ['disputes', selectorOf(disputesAbi, 'showLeaf')],
  ['disputes', selectorOf(disputesAbi, 'showBacking')],
]

/**
 * A submitter that acts for a delegation pool, as its operator: what the holder of the bond has to send goes through the pool, everything else straight. Its address is
 * the pool's.
 */
export function throughPool(
  submitter: Submitter,
  { deployment, pool }: { readonly deployment: Deployment; readonly pool: Address },
): Submitter {
  const isAct = ({ to, data }: Transaction) =>
    acts.some(
      ([name, selector]) =>
        to !== undefined && isAddressEqual(to, deployment.addresses[name]) && data.startsWith(selector),
    )
  return {
    address: pool,
    client: submitter.client,
    submit: (transaction, options) =>
      submitter.submit(isAct(transaction) ? act(pool, transaction as Call) : transaction, options),
  }
}

function act(pool: Address, { name, to, data }: Call): Call {
  const call = encodeCall({
    contract: 'DelegationPool',
    to: pool,
    abi: delegationPoolAbi,
    functionName: 'act',
    args: [to, data],
  })
  return { ...call, name }
}

function selectorOf(abi: readonly { readonly type: string; readonly name?: string }[], name: string): string {
  const found = abi.find((item) => item.type === 'function' && item.name === name)
  return toFunctionSelector(found as Parameters<typeof toFunctionSelector>[0])
}
