import { BaseError } from '@cairn/protocol'
import { OperatorClientError } from '../operator-client/operator-client-error.ts'
import type { RowOperator } from '../slab/storage-operator.ts'
import type { ReachedRail } from './create-operator-directory.ts'
import type { GatewayChain } from './gateway-chain.ts'
import type { EgressBook } from './open-egress-book.ts'

/** The payer has not let the gateway sign vouchers; code `no_voucher_signer`. */
class EgressError extends BaseError {
  override readonly name = 'EgressError'
}

/** What a payer of reads needs from outside. */
export interface EgressPayerOptions {
  readonly chain: Pick<
    GatewayChain,
    'context' | 'customer' | 'readVoucherProgram' | 'isVoucherSigner' | 'readRedeemed' | 'signVoucher'
  >
  readonly book: EgressBook
  readonly nowMs: () => number
  /** Told why an operator was not paid ahead of its asking. */
  readonly onError: (error: unknown) => void
}

/** Pays for what is read. */
export interface EgressPayer {
  /** The same rows, counted, and acknowledged by vouchers: each time so much was read, and whenever the operator asks for it. */
  paidRows(reached: ReachedRail, rows: RowOperator): RowOperator
}

/** So much is read before the operator is given a voucher by itself. It is a quarter of what operators allow. */
const aheadBytes = 2n ** 24n
/** A voucher is good for so long. */
const voucherSeconds = 30 * 86_400

/** Acknowledges reads to their sellers, never more than was asked for (spec 10, Orders and receipts). */
export function createEgressPayer({ chain, book, nowMs, onError }: EgressPayerOptions): EgressPayer {
  const acknowledged = new Map<number, bigint>()
  const underWay = new Map<number, Promise<void>>()

  const acknowledge = async ({ rail, client }: ReachedRail): Promise<void> => {
    const { payer, owner: seller, device } = rail
    const { network } = chain.context
    const expiresAt = BigInt(Math.floor(nowMs() / 1_000) + voucherSeconds)
    const isSigner = payer === chain.customer || (await chain.isVoucherSigner(payer))
    if (!isSigner) throw notSigner(payer, chain.customer)
    const program = await chain.readVoucherProgram()
    // A book that was lost begins where the chain is.
    book.raise({ payer, seller }, await chain.readRedeemed({ payer, seller, program }))
    const sum = book.credits({ payer, seller })
    await client.exchangeVoucher(
      await chain.signVoucher({ ...{ network, payer, seller, program, sum, expiresAt } }),
    )
    acknowledged.set(device, sum)
  }
  /** One at a time for a device: who comes meanwhile waits for it. */
  const pay = (reached: ReachedRail): Promise<void> => {
    const { device } = reached.rail
    const paying = underWay.get(device) ?? acknowledge(reached).finally(() => underWay.delete(device))
    underWay.set(device, paying)
    return paying
  }

  return {
    paidRows(reached, rows) {
      const { payer, owner: seller, device, egressPrice } = reached.rail
      const ahead = (aheadBytes * egressPrice) / 2n ** 40n
      return {
        ...rows,
        async get(slab, row, range, signal) {
          book.add({ payer, seller }, range.end - range.start, egressPrice)
          if (!acknowledged.has(device)) acknowledged.set(device, book.credits({ payer, seller }))
          try {
            const bytes = await rows.get(slab, row, range, signal)
            const open = book.credits({ payer, seller }) - acknowledged.get(device)!
            if (ahead > 0n && open >= ahead && !underWay.has(device)) void pay(reached).catch(onError)
            return bytes
          } catch (error) {
            if (!(error instanceof OperatorClientError) || error.code !== 'payment_due') throw error
            await pay(reached)
            return await rows.get(slab, row, range, signal)
          }
        },
      }
    },
  }
}

const notSigner = (payer: string, signer: string): EgressError =>
  new EgressError({
    code: 'no_voucher_signer',
    message: `${payer} pays for what is read, and has not let this gateway sign vouchers.`,
    fix: `Send \`cairn voucher signer ${signer}\` from ${payer}.`,
    field: 'payer',
    value: payer,
  })
