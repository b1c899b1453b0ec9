import type { Address, Client, TransactionReceipt } from 'viem'
import { TransactionNotFoundError, TransactionReceiptNotFoundError } from 'viem'
import { getTransaction, getTransactionCount, getTransactionReceipt } from 'viem/actions'
import type { Sent } from './send-signed.ts'

/** Where a sent transaction is. */
export type Found =
  | { readonly state: 'mined'; readonly receipt: TransactionReceipt }
  /** The endpoint holds it, and waits. */
  | { readonly state: 'pending' }
  /** Nobody knows it, and its nonce is free: it can be sent again. */
  | { readonly state: 'gone' }
  /** Nobody knows it, and its nonce is used: it can never be mined. */
  | { readonly state: 'replaced' }

/** Looks a transaction up under all its hashes. */
export async function findTransaction(client: Client, sent: Sent, from: Address): Promise<Found> {
  const receipt = await findReceipt(client, sent)
  if (receipt !== undefined) return { state: 'mined', receipt }
  for (const hash of sent.hashes) {
    const known = await orUndefined(getTransaction(client, { hash }), TransactionNotFoundError)
    if (known !== undefined) return { state: 'pending' }
  }
  const used = await getTransactionCount(client, { address: from, blockTag: 'latest' })
  if (used <= sent.nonce) return { state: 'gone' }
  // It may have been mined between the two questions.
  const late = await findReceipt(client, sent)
  return late === undefined ? { state: 'replaced' } : { state: 'mined', receipt: late }
}

async function findReceipt(client: Client, { hashes }: Sent): Promise<TransactionReceipt | undefined> {
  for (const hash of hashes) {
    const receipt = await orUndefined(
      getTransactionReceipt(client, { hash }),
      TransactionReceiptNotFoundError,
    )
    if (receipt !== undefined) return receipt
  }
  return undefined
}

async function orUndefined<T>(
  answer: Promise<T>,
  notFound: new (...args: never[]) => Error,
): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof notFound) return undefined
    throw error
  }
}
