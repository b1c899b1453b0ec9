import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { paymentsAbi } from '../generated/payments.ts'
import type { Voucher } from './voucher.ts'

/** Until when a key may sign vouchers for a payer, Unix seconds; 0 where it may not. */
export async function readVoucherSignerUntil(
  { client, deployment }: ChainReader,
  { network, payer, signer }: Pick<Voucher, 'network' | 'payer'> & { readonly signer: Voucher['payer'] },
): Promise<bigint> {
  return readContract(client, {
    address: deployment.addresses.payments,
    abi: paymentsAbi,
    functionName: 'signerUntil',
    args: [network, payer, signer],
  })
}
