import {
  type ChainReader,
  readRailTermsOf,
  readRedeemedOf,
  readVoucherSignerUntil,
  storageDomain,
  voucherTypedData,
} from '@cairn/chain'
import { fromHex, type Hex, type NetworkId, toHex } from '@cairn/protocol'
import type { LocalAccount } from 'viem'
import { getBlock } from 'viem/actions'
import type { GatewayChain } from './storage-seam.ts'

/** Who signs orders to operators, and vouchers for what it reads. */
export type SigningCustomer = Pick<
  GatewayChain,
  'context' | 'customer' | 'sign' | 'readVoucherProgram' | 'isVoucherSigner' | 'readRedeemed' | 'signVoucher'
>

/** An account as operators of a network know it. */
export function createSigningCustomer(
  reader: ChainReader,
  network: NetworkId,
  account: LocalAccount,
): SigningCustomer {
  const { client, deployment } = reader
  const { chainId, verifyingContract } = storageDomain(deployment)
  return {
    context: { chainId, verifyingContract, network },
    customer: account.address.toLowerCase() as Hex,
    sign: async (digest) => fromHex(await account.sign!({ hash: toHex(digest) })),
    readVoucherProgram: async () => (await readRailTermsOf(reader, { network })).terms.program,
    async isVoucherSigner(payer) {
      const until = await readVoucherSignerUntil(reader, { network, payer, signer: account.address })
      return (await getBlock(client, { blockTag: 'latest' })).timestamp < until
    },
    readRedeemed: (of) => readRedeemedOf(reader, { network, ...of }),
    async signVoucher({ sum, ...voucher }) {
      const typed = voucherTypedData(deployment, { ...voucher, cumulative: sum })
      return { ...voucher, sum, signature: await account.signTypedData(typed) }
    },
  }
}
