import { BaseError, type Hex } from '@cairn/protocol'
import type { Address, Client, LocalAccount, TransactionReceipt } from 'viem'
import { getBlockNumber } from 'viem/actions'
import type { Transaction } from '../call.ts'
import type { Clock } from './clock.ts'
import { ContractError, decodeContractError } from './contract-error.ts'
import { findTransaction } from './find-transaction.ts'
import { isUnreachable } from './is-unreachable.ts'
import { createNonceLine } from './nonce-line.ts'
import { isExecutionRefused, type Sent, sendSigned, simulate } from './send-signed.ts'

/** Who sends, where to, and how patiently. */
export interface SubmitterOptions {
  readonly client: Client
  readonly account: LocalAccount
  readonly clock: Clock
  /** How often a transaction is looked for, in ms. Default 500. */
  readonly pollMs?: number
  /** After this long without a block a transaction is sent again with a higher fee, in ms. Default 60 000. */
  readonly raiseFeeAfterMs?: number
  /** Told of everything that did not go straight. */
  readonly onIncident?: (incident: SubmitIncident) => void
}

/** Something that happened to a transaction on its way. */
export interface SubmitIncident {
  readonly what: 'sent_again' | 'nonce_taken' | 'fee_raised' | 'gap_filled' | 'unreachable'
  readonly name: string
  readonly nonce: number
}

/** About one transaction. */
export interface SubmitOptions {
  /** Whether what the transaction is to bring about is so already. Asked before it is sent, before it is sent anew, and when it is refused. */
  readonly settled?: () => Promise<boolean>
  /** Blocks it has to be in, its own included. Default 1. */
  readonly confirmations?: number
  /** In wei. */
  readonly value?: bigint
  readonly signal?: AbortSignal
}

/** How a submission ended well: in a block, or not needed. */
export type Submission =
  | { readonly status: 'mined'; readonly receipt: TransactionReceipt }
  | { readonly status: 'settled' }

/** Sends the transactions of one account. There must be one for each account, or nonces collide. */
export interface Submitter {
  readonly address: Address
  readonly client: Client
  /**
   * Sends a transaction and returns when it is in a block. One that vanishes (a reorg, a chain that lost its last blocks) is sent again, byte for byte, so that
   * it can not happen twice; only when its nonce went to another transaction it is made anew, and `settled` decides whether that is needed.
   *
   * @throws ContractError when the contract refuses it, with what to do
   */
  submit(transaction: Transaction, options?: SubmitOptions): Promise<Submission>
}

/** A transaction is in a block and failed although it had been simulated: the state changed in between. Code: `transaction_failed`. */
export class TransactionFailedError extends BaseError {
  override readonly name = 'TransactionFailedError'
}

/** Makes the submitter of an account. */
export function createSubmitter(options: SubmitterOptions): Submitter {
  const { client, account, clock, pollMs = 500, raiseFeeAfterMs = 60_000, onIncident = () => {} } = options
  const line = createNonceLine(client, account.address)

  const begin = (transaction: Transaction, value: bigint): Promise<Sent> =>
    line.enter(async (nonce) => {
      const gas = await simulate(client, { transaction, value, from: account.address })
      return sendSigned(client, { account, transaction, value, nonce, gas, nowMs: clock.now() })
    })

  /** Looks after a sent transaction once. Returns the receipt, or what to go on with; undefined when it has to be made anew. */
  const lookAfter = async (sent: Sent): Promise<TransactionReceipt | Sent | undefined> => {
    const { name } = sent.transaction
    const found = await findTransaction(client, sent, account.address)
    if (found.state === 'mined') return found.receipt
    if (found.state === 'replaced') {
      onIncident({ what: 'nonce_taken', name, nonce: sent.nonce })
      return undefined
    }
    for (const nonce of await line.fillGaps(account, sent.nonce)) {
      onIncident({ what: 'gap_filled', name, nonce })
    }
    if (found.state === 'gone') {
      onIncident({ what: 'sent_again', name, nonce: sent.nonce })
      await sent.repeat()
    } else if (clock.now() - sent.sentAtMs > raiseFeeAfterMs) {
      onIncident({ what: 'fee_raised', name, nonce: sent.nonce })
      return sendSigned(client, { ...sent, account, nowMs: clock.now(), replaces: sent })
    }
    return sent
  }

  /** A chain that does not answer is waited for: the transaction is out, and only the chain can say what became of it. */
  const follow = async (sent: Sent): Promise<TransactionReceipt | Sent | undefined> => {
    try {
      return await lookAfter(sent)
    } catch (error) {
      if (!isUnreachable(error)) throw error
      onIncident({ what: 'unreachable', name: sent.transaction.name, nonce: sent.nonce })
      return sent
    }
  }
  const isDeepEnough = async ({ blockNumber }: TransactionReceipt, confirmations: number) =>
    confirmations <= 1 ||
    (await getBlockNumber(client, { cacheTime: 0 })) - blockNumber + 1n >= BigInt(confirmations)

  return {
    address: account.address,
    client,
    async submit(transaction, { settled, confirmations = 1, value = 0n, signal } = {}) {
      const isSettled = async () => (await settled?.()) === true
      let sent: Sent | undefined
      try {
        for (;;) {
          signal?.throwIfAborted()
          if (sent === undefined) {
            if (await isSettled()) return { status: 'settled' }
            sent = await begin(transaction, value)
          }
          const next: TransactionReceipt | Sent | undefined = await follow(sent)
          if (next === undefined) line.leave(sent.nonce)
          if (next !== undefined && 'blockNumber' in next) {
            if (next.status === 'reverted') throw failed(transaction, next.transactionHash)
            if (await isDeepEnough(next, confirmations)) return { status: 'mined', receipt: next }
          } else {
            sent = next
          }
          if (sent !== undefined) await clock.sleep(pollMs, signal)
        }
      } catch (error) {
        const isRefused = error instanceof TransactionFailedError || isExecutionRefused(error)
        if (isRefused && (await isSettled())) return { status: 'settled' }
        throw isExecutionRefused(error) ? toContractError(transaction, error) : error
      } finally {
        if (sent !== undefined) line.leave(sent.nonce)
      }
    },
  }
}

function toContractError(
  transaction: Transaction,
  error: { revertData: Hex; cause?: unknown },
): ContractError {
  return new ContractError(transaction.name, decodeContractError(error.revertData), error.cause)
}

function failed({ name }: Transaction, hash: Hex): TransactionFailedError {
  return new TransactionFailedError({
    code: 'transaction_failed',
    message: `${name} failed in its block (transaction ${hash}), although it would have succeeded on the block before.`,
    fix: 'Read the state again; if it is still to be done, send it again.',
    field: name,
    value: hash,
  })
}
