import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { paymentsAbi } from '../generated/payments.ts'
import type { Voucher } from './voucher.ts'

/** Credits that a seller has had from a payer for a program, all told. */
export async function readRedeemedOf(
  { client, deployment }: ChainReader,
  { network, payer, seller, program }: Pick<Voucher, 'network' | 'payer' | 'seller' | 'program'>,
): Promise<bigint> {
  return readContract(client, {
    address: deployment.addresses.payments,
    abi: paymentsAbi,
    functionName: 'redeemedOf',
    args: [network, payer, seller, program],
  })
}
