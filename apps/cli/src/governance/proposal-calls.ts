import { readFile } from 'node:fs/promises'
import {
  adoptRuleset,
  type BondTerms,
  type Call,
  type CreditTerms,
  changeOwner,
  type Deployment,
  quarantine,
  requireMaker,
  setBondTerms,
  setCreditTerms,
  setLeastBond,
  setMaker,
} from '@cairn/chain'
import { type Hex, type NetworkId, type Ruleset, serializeRuleset } from '@cairn/protocol'
import { InvalidArgumentError } from 'commander'
import { type Address, isAddress, isHex } from 'viem'
import { z } from 'zod'
import { tokenAmount } from '../parse-options.ts'
import { GovernanceError } from './open-governance.ts'

/** A device class and one of its makers: `0:0x…`. */
export interface ClassMaker {
  readonly deviceClass: number
  readonly maker: Address
}

/** A device class and the least bond of its devices: `0:100`. */
export interface ClassBond {
  readonly deviceClass: number
  /** In the token's smallest unit. */
  readonly amount: bigint
}

/** What `cairn governance propose` can be asked for; the calls stand in this order. */
export interface ProposalOptions {
  readonly ruleset?: string
  readonly terms?: string
  readonly bondTerms?: string
  readonly leastBond?: readonly ClassBond[]
  readonly maker?: readonly ClassMaker[]
  readonly dropMaker?: readonly ClassMaker[]
  readonly requireMaker?: readonly number[]
  readonly quarantine?: readonly Hex[]
  readonly call?: readonly Call[]
  readonly owner?: Address
}

/**
 * The calls of a proposal.
 *
 * @throws GovernanceError for a file that can not be read; RulesetError for one that is no ruleset
 */
export async function proposalCalls(
  deployment: Deployment,
  network: NetworkId,
  options: ProposalOptions,
): Promise<readonly Call[]> {
  const makers = (list: readonly ClassMaker[] = [], approved: boolean) =>
    list.map((maker) => setMaker(deployment, { network, ...maker, approved }))
  const calls: Call[] = []
  if (options.ruleset !== undefined) {
    const document = await readRulesetFile(options.ruleset)
    calls.push(adoptRuleset(deployment, { network, document }))
  }
  if (options.terms !== undefined) {
    const terms: CreditTerms = await readForm('terms', options.terms, termsForm)
    calls.push(setCreditTerms(deployment, { network, terms }))
  }
  if (options.bondTerms !== undefined) {
    const terms: BondTerms = await readForm('bond-terms', options.bondTerms, bondTermsForm)
    calls.push(setBondTerms(deployment, { network, terms }))
  }
  calls.push(
    ...(options.leastBond ?? []).map((bond) => setLeastBond(deployment, { network, ...bond })),
    ...makers(options.maker, true),
    ...makers(options.dropMaker, false),
    ...(options.requireMaker ?? []).map((deviceClass) =>
      requireMaker(deployment, { network, deviceClass, required: true }),
    ),
    ...(options.quarantine ?? []).map((reportHash) => quarantine(deployment, { network, reportHash })),
    ...(options.call ?? []),
  )
  if (options.owner !== undefined) calls.push(changeOwner(deployment, { network, owner: options.owner }))
  if (calls.length > 0) return calls
  throw new GovernanceError({
    code: 'nothing_proposed',
    message: 'The proposal contains no call.',
    fix: 'Name at least one of --ruleset, --terms, --bond-terms, --least-bond, --maker, --drop-maker, --require-maker, --quarantine, --owner and --call.',
  })
}

/** A ruleset from a JSON file in any layout, as the canonical document. */
export async function readRulesetFile(path: string): Promise<Uint8Array> {
  return serializeRuleset((await readJson(path, 'ruleset')) as Ruleset)
}

const bps = z.int().min(0).max(65_535)
const seconds = z.int().min(0).max(0xffff_ffff)
const addressField = z.custom<Address>((value) => typeof value === 'string' && isAddress(value))
const termsForm = z.strictObject({
  price: z.strictObject({
    feed: addressField,
    confidenceFeed: addressField,
    decimals: z.int().min(0).max(255),
    maxAgeSeconds: seconds,
    forgetSeconds: seconds,
    maxDeviationBps: bps,
    maxConfidenceBps: bps,
  }),
  refundSeconds: seconds,
  sellerBps: z.tuple([bps, bps, bps, bps]),
})

const bondTermsForm = z.strictObject({
  faultProgram: z.int().min(0).max(3),
  forgiveEpochs: seconds,
  scores: z.tuple([seconds, seconds, seconds, seconds]),
  bps: z.tuple([bps, bps, bps, bps]),
})

async function readForm<T>(field: string, path: string, form: z.ZodType<T>): Promise<T> {
  const parsed = form.safeParse(await readJson(path, field))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw malformed(field, path, `${issue!.path.join('.') || 'the whole'}: ${issue!.message}`)
}

async function readJson(path: string, field: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw malformed(field, path, cause instanceof Error ? cause.message : String(cause))
  }
}

const forms: Readonly<Record<string, string>> = {
  terms:
    'It is JSON of the terms of spec 8: price {feed, confidenceFeed, decimals, maxAgeSeconds, forgetSeconds, maxDeviationBps, maxConfidenceBps}, refundSeconds, sellerBps of four programs.',
  'bond-terms':
    'It is JSON of the terms of spec 6, Operator bonds: faultProgram (0 to 3), forgiveEpochs, and a ladder of four scores and four bps.',
  ruleset:
    'It is JSON of a whole ruleset; specs/4-ruleset.md shows one, and `cairn governance ruleset` prints the one in force.',
}

function malformed(field: string, path: string, why: string): GovernanceError {
  return new GovernanceError({
    code: 'malformed_proposal',
    field,
    value: path,
    message: `The file ${path} of --${field} can not be used: ${why}.`,
    fix: forms[field] ?? forms.ruleset!,
  })
}

/** For commander: collects `class:address`. */
export function collectClassMakers(text: string, before: readonly ClassMaker[] = []): readonly ClassMaker[] {
  const [deviceClass = '', maker = ''] = text.split(':')
  if (/^\d{1,5}$/.test(deviceClass) && Number(deviceClass) <= 0xffff && isAddress(maker))
    return [...before, { deviceClass: Number(deviceClass), maker }]
  throw new InvalidArgumentError('expected a device class and an address, like 0:0x…')
}

/** For commander: collects `class:amount`. */
export function collectClassBonds(text: string, before: readonly ClassBond[] = []): readonly ClassBond[] {
  const [deviceClass = '', amount = ''] = text.split(':')
  if (/^\d{1,5}$/.test(deviceClass) && Number(deviceClass) <= 0xffff && amount !== '')
    return [...before, { deviceClass: Number(deviceClass), amount: tokenAmount(amount) }]
  throw new InvalidArgumentError('expected a device class and an amount, like 0:100')
}

/** For commander: collects `to:data`. */
export function collectCalls(text: string, before: readonly Call[] = []): readonly Call[] {
  const [to = '', data = ''] = text.split(':')
  if (isAddress(to) && isHex(data) && data.length % 2 === 0) return [...before, { name: to, to, data }]
  throw new InvalidArgumentError('expected an address and calldata, like 0x…:0x…')
}
