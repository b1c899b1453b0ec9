import { BaseError, type Hex } from '@cairn/protocol'
import type { Logger } from '@cairn/runtime'
import type { SignedSum } from '../../wire/signed-sums.ts'
import { createProblemBook, type Problem } from '../problem-book.ts'
import type { Accounts, EgressAccount } from '../server/open-accounts.ts'
import type { PayChain, RailPay } from './pay-chain.ts'

/** A voucher ended before it was redeemed; code `voucher_ended`. */
class CashierError extends BaseError {
  override readonly name = 'CashierError'
}

/** What an operator is owed and had, in credits. */
export interface CashierStatus {
  /** Read and not acknowledged by a voucher yet. */
  readonly owedCredits: bigint
  /** Acknowledged, and not redeemed yet. */
  readonly acknowledgedCredits: bigint
  /** Earned on rails, and not settled yet. */
  readonly dueCredits: bigint
  /** Since the start. */
  readonly redeemedCredits: bigint
  readonly settledCredits: bigint
  /** What keeps from being paid now, by payer or by rail: `0x…` or `rail 3`. */
  readonly problems: ReadonlyMap<string, Problem>
}

/** Has the operator paid: vouchers redeemed, rails settled. */
export interface Cashier {
  /** Does what is worth it now. What fails for one payer or rail is a problem of that one alone, and is tried again in the next turn. */
  step(): Promise<void>
  status(): CashierStatus
}

/** What a cashier is made of. */
export interface CashierOptions {
  readonly accounts: Pick<Accounts, 'vouchers' | 'accounts'>
  readonly chain: PayChain
  /** What is worth a transaction, credits. */
  readonly leastCredits: bigint
  readonly log: Pick<Logger, 'info' | 'error'>
}

/** A voucher is redeemed so long before it ends, whatever it is worth, seconds. */
const endsSoonSeconds = 3n * 86_400n

/**
 * Brings vouchers and rails to the chain when what they pay is worth it, before a voucher ends, and at once where no rail of the payer goes on. Vouchers that were
 * taken are in the accounts, and what was paid is on the chain: a turn begins from both, so a crash in between costs nothing and pays nothing twice.
 */
export function createCashier({ accounts, chain, leastCredits, log }: CashierOptions): Cashier {
  const problems = createProblemBook<string>(log, 'is not paid yet')
  let acknowledgedCredits = 0n
  let dueCredits = 0n
  let redeemedCredits = 0n
  let settledCredits = 0n

  /** Returns what is open after it. */
  const tendVoucher = async (voucher: SignedSum, goesOn: boolean, now: bigint): Promise<bigint> => {
    const before = await chain.readRedeemed(voucher)
    const open = voucher.sum - before
    if (open <= 0n) {
      problems.clear(voucher.payer)
      return 0n
    }
    if (voucher.expiresAt <= now) {
      problems.tell(voucher.payer, ended(voucher, open))
      return 0n
    }
    const isWorthIt = open >= leastCredits || !goesOn || voucher.expiresAt - now <= endsSoonSeconds
    if (!isWorthIt) return open
    try {
      await chain.redeem(voucher)
      problems.clear(voucher.payer)
    } catch (error) {
      problems.tell(voucher.payer, error)
      return open
    }
    const after = await chain.readRedeemed(voucher)
    redeemedCredits += after - before
    log.info({ payer: voucher.payer, credits: String(after - before) }, 'a voucher is redeemed')
    return voucher.sum - after
  }

  /** Returns what is due after it. */
  const tendRail = async ({ rail, due, isOver }: RailPay): Promise<bigint> => {
    if (due === 0n || (due < leastCredits && !isOver)) return due
    try {
      await chain.settle(rail)
      problems.clear(nameOf(rail))
    } catch (error) {
      problems.tell(nameOf(rail), error)
      return due
    }
    settledCredits += due
    log.info({ rail: String(rail), credits: String(due) }, 'a rail is settled')
    return 0n
  }

  return {
    async step() {
      const now = BigInt(await chain.readNow())
      const rails = await chain.readRailPay()
      const paying = new Set<Hex>(rails.filter(({ isOver }) => !isOver).map(({ payer }) => payer))
      let open = 0n
      for (const voucher of accounts.vouchers())
        open += await tendVoucher(voucher, paying.has(voucher.payer.toLowerCase() as Hex), now)
      acknowledgedCredits = open
      let due = 0n
      for (const each of rails) due += await tendRail(each)
      dueCredits = due
    },
    status: () => ({
      owedCredits: accounts.accounts().reduce((sum, account) => sum + owedOf(account), 0n),
      acknowledgedCredits,
      dueCredits,
      redeemedCredits,
      settledCredits,
      problems: problems.all(),
    }),
  }
}

const nameOf = (rail: bigint): string => `rail ${rail}`

const owedOf = ({ servedCredits, acknowledgedCredits }: EgressAccount): bigint =>
  servedCredits > acknowledgedCredits ? servedCredits - acknowledgedCredits : 0n

const ended = ({ payer, expiresAt }: SignedSum, open: bigint): CashierError =>
  new CashierError({
    code: 'voucher_ended',
    message: `The voucher of ${payer} ended at ${expiresAt} (Unix seconds) with ${open} credits not redeemed.`,
    fix: 'Ask the payer for a voucher over a larger sum, which pays for these as well.',
    field: 'expiresAt',
    value: String(expiresAt),
  })
