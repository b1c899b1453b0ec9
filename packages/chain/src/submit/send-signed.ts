import type { Hex } from '@cairn/protocol'
import type { Address, Client, LocalAccount } from 'viem'
import { keccak256 } from 'viem'
import { call, estimateFeesPerGas, estimateGas, getChainId, sendRawTransaction } from 'viem/actions'
import type { Transaction } from '../call.ts'
import { revertDataOf } from './contract-error.ts'

/** A transaction that is on its way. */
export interface Sent {
  readonly transaction: Transaction
  readonly value: bigint
  readonly nonce: number
  readonly gas: bigint
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  readonly sentAtMs: number
  /** Newest first; more than one where the fee was raised. Any of them can be the one that is mined. */
  readonly hashes: readonly Hex[]
  /** Sends the very same bytes again. */
  repeat(): Promise<void>
}

/** A contract refused the call in simulation. Internal: the submitter turns it into a ContractError. */
export class ExecutionRefused extends Error {
  readonly revertData: Hex

  constructor(revertData: Hex, cause: unknown) {
    super('The call reverts.', { cause })
    this.revertData = revertData
  }
}

/** Whether an error is {@link ExecutionRefused}. */
export function isExecutionRefused(error: unknown): error is ExecutionRefused {
  return error instanceof ExecutionRefused
}

/**
 * The gas a transaction needs on the newest block, and a quarter more, because the state it meets can differ.
 *
 * @throws ExecutionRefused when it reverts
 */
export async function simulate(
  client: Client,
  { transaction, value, from }: { transaction: Transaction; value: bigint; from: Address },
): Promise<bigint> {
  const request = {
    account: from,
    data: transaction.data,
    value,
    ...(transaction.to === undefined ? {} : { to: transaction.to }),
  }
  try {
    return ((await estimateGas(client, request)) * 5n) / 4n
  } catch (error) {
    // Not every endpoint gives the reason with an estimate; a call does.
    const data = revertDataOf(error)
    if (data !== undefined && data !== '0x') throw new ExecutionRefused(data, error)
    const reason = await call(client, request).then(() => data, revertDataOf)
    if (reason === undefined) throw error
    throw new ExecutionRefused(reason, error)
  }
}

/** Everything about a transaction that is decided before it is signed. */
export interface SendSigned {
  readonly account: LocalAccount
  readonly transaction: Transaction
  readonly value: bigint
  readonly nonce: number
  readonly gas: bigint
  readonly nowMs: number
  /** One of the same nonce that this one is to outbid: every fee a quarter higher, more than the tenth that is asked for. */
  readonly replaces?: Sent
}

/** Signs and sends. The endpoint knowing it already is as good. */
export async function sendSigned(client: Client, options: SendSigned): Promise<Sent> {
  const { account, transaction, value, nonce, gas, nowMs, replaces } = options
  const { to, data } = transaction
  const market = await estimateFeesPerGas(client, { type: 'eip1559', chain: client.chain })
  const atLeast = (fee: bigint, before: bigint | undefined) => {
    const raised = before === undefined ? 0n : (before * 5n) / 4n + 1n
    return fee > raised ? fee : raised
  }
  const maxFeePerGas = atLeast(market.maxFeePerGas, replaces?.maxFeePerGas)
  const maxPriorityFeePerGas = atLeast(market.maxPriorityFeePerGas, replaces?.maxPriorityFeePerGas)
  const serialized = await account.signTransaction({
    type: 'eip1559',
    chainId: client.chain?.id ?? (await getChainId(client)),
    nonce,
    gas,
    value,
    data,
    maxFeePerGas,
    maxPriorityFeePerGas,
    ...(to === undefined ? {} : { to }),
  })
  const repeat = () => broadcast(client, serialized)
  await repeat()
  return {
    transaction,
    value,
    nonce,
    gas,
    maxFeePerGas,
    maxPriorityFeePerGas,
    sentAtMs: nowMs,
    hashes: [keccak256(serialized), ...(replaces?.hashes ?? [])],
    repeat,
  }
}

/** These answers mean that the transaction, or another of its nonce, is there: what became of it is looked up afterwards. */
const isThere = /already known|already imported|nonce too low|replacement transaction underpriced/i

async function broadcast(client: Client, serializedTransaction: Hex): Promise<void> {
  try {
    await sendRawTransaction(client, { serializedTransaction })
  } catch (error) {
    if (!(error instanceof Error) || !isThere.test(error.message)) throw error
  }
}
