import { type GroupCommit, groupCommitDigest, type Hex, type Receipt, toHex } from '@cairn/protocol'
import { type Address, type LocalAccount, recoverAddress } from 'viem'
import type { Deployment } from '../deployment.ts'

/** Signs a group commit with the ingest's account: r ‖ s ‖ v, 65 bytes. */
export async function signGroupCommit(
  account: Pick<LocalAccount, 'sign'>,
  deployment: Deployment,
  group: GroupCommit,
): Promise<Hex> {
  if (account.sign === undefined)
    throw new TypeError('The account can not sign a digest: use a local account.')
  return account.sign({ hash: digestOf(deployment, group) })
}

/** Whose signature a receipt carries. Compare it with the ingest that gave it. */
export async function recoverReceiptSigner(
  deployment: Deployment,
  { group, signature }: Pick<Receipt, 'group' | 'signature'>,
): Promise<Address> {
  return recoverAddress({ hash: digestOf(deployment, group), signature })
}

function digestOf({ chainId, addresses }: Deployment, group: GroupCommit): Hex {
  return toHex(groupCommitDigest({ chainId, verifyingContract: addresses.ingestChallenges }, group))
}
