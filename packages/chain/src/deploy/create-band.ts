import { BaseError, type NetworkId } from '@cairn/protocol'
import { type Address, encodeDeployData, getContractAddress } from 'viem'
import { getTransactionCount } from 'viem/actions'
import type { Deployment } from '../deployment.ts'
import { readEmissionTotal } from '../emission/total.ts'
import { bandEmissionAbi, bandEmissionBytecode } from '../generated/band-emission.ts'
import type { Submitter } from '../submit/create-submitter.ts'
import { createSchedule, type FixedSchedule } from './create-schedule.ts'
import { createToken, type NewToken } from './create-token.ts'
import { create } from './deploy-singletons.ts'

/** Emission between a floor and a cap that follow what customers pay (spec 7). Amounts in the token's smallest unit. */
export interface BandSchedule {
  readonly kind: 'band'
  /** What is emitted whatever customers pay. */
  readonly base: FixedSchedule
  /** Sellers are topped up to this part of what was paid, in basis points: 0 to 10 000; out of what was burned lately, and no more. */
  readonly floorBps: number
  /** Sellers are paid at most this multiple of what was paid, in basis points: above `floorBps`, at most 1 000 000. 0: no cap. */
  readonly capBps: number
  /** The cap rests in an epoch in which less was paid. */
  readonly capFrom: bigint
  /** Of what was burned, this much an epoch is emitted again in any case. */
  readonly netEmissionCap: bigint
  /** The part of all rewards that reaches sellers, with 18 decimals. */
  readonly reach: bigint
  /** Gets what is above the cap. Default: {@link NOBODY}, which takes it out of circulation. */
  readonly treasury?: Address
}

/** Where tokens go that nobody is to have. */
export const NOBODY: Address = '0x000000000000000000000000000000000000dEaD'

/** A band can not be made. Codes: `token_not_remintable`, `band_disturbed`. */
export class BandError extends BaseError {
  override readonly name = 'BandError'
}

/**
 * Creates a band, its base schedule and its token. Token and band name each other, so the band's address is derived first, from the account and its next nonces; the
 * account must send nothing else meanwhile.
 */
export async function createBand(
  { deployment, submitter }: { readonly deployment: Deployment; readonly submitter: Submitter },
  network: NetworkId,
  schedule: BandSchedule,
  token: NewToken | { readonly address: Address },
): Promise<{
  readonly token: Address
  readonly emission: Address
  readonly base: Address
  /** Of the base. */
  readonly emissionTotal: bigint
}> {
  if ('address' in token) throw notRemintable(token.address)
  const { client, address: from } = submitter
  const base = await createSchedule(submitter, schedule.base)
  const emissionTotal = await readEmissionTotal({ client }, { emission: base })
  const nonce = await getTransactionCount(client, { address: from, blockTag: 'pending' })
  const planned = getContractAddress({ from, nonce: BigInt(nonce) + 1n })
  const allocations = [...token.allocations, { to: planned, amount: emissionTotal }]
  const created = await createToken(submitter, { ...token, allocations }, planned)
  const { floorBps, capBps, capFrom, netEmissionCap, reach, treasury = NOBODY } = schedule
  const data = encodeDeployData({
    abi: bandEmissionAbi,
    bytecode: bandEmissionBytecode,
    args: [
      {
        network,
        networks: deployment.addresses.networks,
        credits: deployment.addresses.credits,
        token: created,
        treasury,
        base,
        limits: { floorBps, capBps, capFrom, netEmissionCap, reach },
      },
    ],
  })
  const emission = await create(submitter, { name: 'BandEmission', data })
  if (emission !== planned) throw disturbed(planned, emission)
  return { token: created, emission, base, emissionTotal }
}

function notRemintable(token: Address): BandError {
  return new BandError({
    code: 'token_not_remintable',
    message: `The token ${token} exists already; a band emits again what was burned, which only a token made for that band lets it do.`,
    fix: 'Let the network make its own token, or choose a fixed schedule: halving, decay or minting.',
    field: 'token',
    value: token,
  })
}

function disturbed(expected: Address, created: Address): BandError {
  return new BandError({
    code: 'band_disturbed',
    message: `The band was created at ${created}, but its token expects it at ${expected}: the account sent something else in between.`,
    fix: 'Create the network again with an account that nothing else uses.',
    field: 'emission',
    value: created,
  })
}
