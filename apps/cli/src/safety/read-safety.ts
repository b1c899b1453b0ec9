import {
  epochAt,
  readConfigOf,
  readCreditTermsOf,
  readMostEmitted,
  readQuote,
  readRecordOf,
} from '@cairn/chain'
import type { SafetyAssumptions, SafetyParameters } from '@cairn/economics'
import type { OpenNetwork } from '../open-network.ts'
import { CREDITS_PER_DOLLAR } from '../output/amounts.ts'
import { readOperators } from './read-operators.ts'

/** What decides about a network's safety, as the chain has it now; bonds as they count from the next epoch on. */
export async function readSafetyParameters(
  open: OpenNetwork,
  { detectionBps }: Pick<SafetyAssumptions, 'detectionBps'>,
): Promise<SafetyParameters> {
  const { network } = open.file
  const { stakes, timeline, rulesetAt } = open.followed.history
  const epoch = epochAt(timeline, open.now)
  const config = await readConfigOf(open, { network })
  const [emissionPerEpoch, terms, rollover] = await Promise.all([
    readMostEmitted(open, { emission: config.emission, epoch }),
    readCreditTermsOf(open, { network }),
    readRollover(open),
  ])
  const bonds = stakes
    .holders('verifier')
    .map((holder) => stakes.weightOf('verifier', holder, epoch + 1))
    .filter((bond) => bond > 0n)
  const ingestBonds = stakes.holders('ingest').map((holder) => stakes.slashableOf('ingest', holder))
  const programs = emissionPerEpoch - (emissionPerEpoch * BigInt(config.verifierShareBps)) / 10_000n
  return {
    timeline,
    emissionPerEpoch,
    rollover,
    verifierShareBps: config.verifierShareBps,
    verifiers: bonds.length,
    verifierBonds: bonds.reduce((sum, bond) => sum + bond, 0n),
    ingestBond: config.ingestBond,
    smallestIngestBond: smallest([config.ingestBond, ...ingestBonds]),
    challengeBond: config.challengeBond,
    sellerBps: terms?.sellerBps ?? [],
    returnBps: rulesetAt(epoch)?.programs.returnBps ?? [],
    operator: await readOperators(open, { epoch, timeline, programs, detectionBps }),
  }
}

/** Credits a token by the network's feed; undefined where it sells none, or its price rests. */
export async function readFeedPrice(open: OpenNetwork): Promise<bigint | undefined> {
  const { network } = open.file
  if ((await readCreditTermsOf(open, { network })) === undefined) return undefined
  const { state, tokens } = await readQuote(open, { network, credits: CREDITS_PER_DOLLAR })
  return state !== 'usable' || tokens === 0n ? undefined : (CREDITS_PER_DOLLAR * 10n ** 18n) / tokens
}

/** What programs that had no work in the newest root pass on to the next. */
async function readRollover(open: OpenNetwork): Promise<bigint> {
  const { head } = open.followed.history.roots
  if (head === undefined) return 0n
  const { pots, workSums } = await readRecordOf(open, { rootId: head.rootId })
  return pots.reduce((sum, pot, program) => (workSums[program] === 0n ? sum + pot : sum), 0n)
}

function smallest(amounts: readonly bigint[]): bigint {
  return [...amounts].sort((a, b) => (a < b ? -1 : 1))[0]!
}
