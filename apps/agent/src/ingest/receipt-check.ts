import {
  type GroupCommit,
  type Hex,
  type NetworkId,
  type Receipt,
  type ReportHeader,
  receiptHolds,
  recordHash,
  toHex,
} from '@cairn/protocol'
import { sha256 } from '@cairn/runtime'
import { IngestError } from './ingest-error.ts'

/** The address that made a 65-byte secp256k1 signature over a group commit's digest. Injected, since only the chain's side knows the domain. */
export type RecoverSigner = (group: GroupCommit, signature: Hex) => Hex | Promise<Hex>

export interface ReceiptCheck {
  readonly network: NetworkId
  readonly recoverSigner?: RecoverSigner | undefined
}

/** A report as a receipt has to speak of it. */
interface Receipted {
  readonly header: ReportHeader
  readonly headerBytes: Uint8Array
  readonly signature: Uint8Array
}

/**
 * Whether a receipt could slash the ingest that gave it: it is about this report, its path holds, and the ingest signed it.
 *
 * @throws IngestError `false_receipt`
 */
export async function verifyReceipt(
  receipt: Receipt,
  report: Receipted,
  ingest: { readonly url: string; readonly address?: Hex | undefined },
  { network, recoverSigner }: ReceiptCheck,
): Promise<void> {
  const { group, signature } = receipt
  const fault =
    group.network !== network
      ? 'it is of another network'
      : group.epoch !== report.header.epoch
        ? `it is of epoch ${group.epoch} instead of ${report.header.epoch}`
        : receipt.recordHash !== toHex(recordHash(report.headerBytes, report.signature, sha256))
          ? 'it is of another report'
          : !receiptHolds(receipt)
            ? 'its path does not lead to the batch root'
            : await signerFault(group, signature, ingest.address, recoverSigner)
  if (fault === undefined) return
  throw new IngestError('false_receipt', {
    url: ingest.url,
    message: `The receipt that ${ingest.url} gave for report ${report.header.sequence} of device ${report.header.device} proves nothing: ${fault}.`,
    fix: 'Use another ingest; this one could drop the report without being slashed.',
  })
}

async function signerFault(
  group: GroupCommit,
  signature: Hex,
  address: Hex | undefined,
  recoverSigner: RecoverSigner | undefined,
): Promise<string | undefined> {
  if (address === undefined || recoverSigner === undefined) return undefined
  const signer = await Promise.resolve()
    .then(() => recoverSigner(group, signature))
    .catch(() => undefined)
  if (signer?.toLowerCase() === address.toLowerCase()) return undefined
  return `it is signed by ${signer ?? 'nobody'} instead of ${address}`
}
