import type { BandSchedule, EmissionSchedule, FixedSchedule } from '@cairn/chain'
import { exponentialDecay, fixedHalving, halfLifeRate, type Schedule, simpleMinting } from '@cairn/economics'
import { BaseError } from '@cairn/protocol'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseEther } from 'viem'
import { address, oneOf, tokenAmount, wholeNumber } from '../../parse-options.ts'

/** What {@link withSchedule} reads from the command line; what was not given is undefined. */
export interface ScheduleOptions {
  readonly schedule: (typeof kinds)[number]
  readonly base?: FixedSchedule['kind']
  readonly emission?: bigint
  readonly halving?: number
  readonly decay?: { readonly numerator: bigint; readonly denominator: bigint }
  readonly step?: number
  readonly steps?: number
  readonly asymptote?: bigint
  readonly halfLife?: number
  readonly floor?: number
  readonly cap?: number
  readonly capFrom?: bigint
  readonly netEmission?: bigint
  readonly reach?: number
  readonly treasury?: `0x${string}`
  /** The token that the network is to have, if it exists already. */
  readonly token?: `0x${string}`
}

/** Options that do not go together. Codes: `option_without_effect`, `cap_below_floor`, `token_not_remintable`. */
export class ScheduleError extends BaseError {
  override readonly name = 'ScheduleError'
}

const fixedKinds = ['halving', 'decay', 'minting'] as const
const kinds = [...fixedKinds, 'band'] as const

const flags = {
  emission: '--emission',
  halving: '--halving',
  decay: '--decay',
  step: '--step',
  steps: '--steps',
  asymptote: '--asymptote',
  halfLife: '--half-life',
  base: '--base',
  floor: '--floor',
  cap: '--cap',
  capFrom: '--cap-from',
  netEmission: '--net-emission',
  reach: '--reach',
  treasury: '--treasury',
} as const satisfies Partial<Record<keyof ScheduleOptions, string>>

type Flag = keyof typeof flags

/** Which options each kind of schedule reads. */
const readBy: Readonly<Record<ScheduleOptions['schedule'], readonly Flag[]>> = {
  halving: ['emission', 'halving'],
  decay: ['emission', 'decay', 'step', 'steps'],
  minting: ['asymptote', 'halfLife'],
  band: ['base', 'floor', 'cap', 'capFrom', 'netEmission', 'reach', 'treasury'],
}

/** Options of how much a network emits when. */
export function withSchedule(command: Command): Command {
  const bps = (most: number) => wholeNumber(0, most)
  /** What is not given stays undefined, so that one without effect is noticed. */
  const option = (text: string, description: string, parse: (text: string) => unknown, usual?: string) =>
    command.addOption(
      new Option(text, usual === undefined ? description : `${description} (default: ${usual})`).argParser(
        parse,
      ),
    )
  command.addOption(
    new Option(
      '--schedule <kind>',
      'how emission goes: halving, decay (in steps), minting (Filecoin’s curve), or band (a base between a floor and a cap that follow what customers pay)',
    )
      .argParser(oneOf(...kinds))
      .default('halving'),
  )
  option('--emission <amount>', 'halving, decay: tokens an epoch at first', tokenAmount, '100')
  option('--halving <epochs>', 'halving: after how many epochs emission halves', wholeNumber(1), '8766')
  option('--decay <n/d>', 'decay: what is left after a step', fraction, '85/100')
  option('--step <epochs>', 'decay: epochs of a step', wholeNumber(1, 2 ** 32 - 1), '8766')
  option('--steps <count>', 'decay: steps until nothing more is emitted', wholeNumber(1, 1024), '40')
  option('--asymptote <amount>', 'minting: what all emission tends to', tokenAmount, '1000000')
  option('--half-life <epochs>', 'minting: until half of it is emitted', wholeNumber(2, 2 ** 32 - 1), '52596')
  option('--base <kind>', 'band: the schedule below it, with its options', oneOf(...fixedKinds), 'halving')
  option(
    '--floor <bps>',
    'band: sellers are topped up to this part of what was paid, out of recent burns',
    bps(10_000),
    '5000',
  )
  option('--cap <bps>', 'band: sellers get at most this part of what was paid; 0: no cap', bps(1e6), '0')
  option('--cap-from <amount>', 'band: the cap rests in an epoch with less paid', tokenAmount, '1')
  option('--net-emission <amount>', 'band: of burns, emitted again an epoch at most', tokenAmount, '0')
  option('--reach <bps>', 'band: the part of rewards that gets to sellers', bps(10_000), '10000')
  option('--treasury <address>', 'band: gets what is above the cap; nobody when left out', address)
  return command
}

/**
 * The schedule that was asked for.
 *
 * @throws ScheduleError for an option that the schedule does not read, a cap that is not above the floor, and a band for a token that exists
 */
export function scheduleOf(options: ScheduleOptions): EmissionSchedule {
  const { schedule, base = 'halving' } = options
  const reads = schedule === 'band' ? [...readBy.band, ...readBy[base]] : readBy[schedule]
  for (const flag of Object.keys(flags) as Flag[]) {
    if (options[flag] !== undefined && !reads.includes(flag)) throw withoutEffect(flag, options)
  }
  if (schedule !== 'band') return fixedOf(schedule, options)
  if (options.token !== undefined) throw notRemintable(options.token)
  return bandOf(options, fixedOf(base, options))
}

/** The most that an epoch emits whatever customers pay: its first epoch's, and what a band emits of burns in any case. */
export function firstEmissionOf(schedule: EmissionSchedule): bigint {
  return schedule.kind === 'band'
    ? arithmeticOf(schedule.base).cumulative(1) + schedule.netEmissionCap
    : arithmeticOf(schedule).cumulative(1)
}

/** @throws EconomicsError where the contract would refuse the schedule, with field, value and bounds */
function arithmeticOf(schedule: FixedSchedule): Schedule {
  switch (schedule.kind) {
    case 'halving':
      return fixedHalving(schedule)
    case 'decay':
      return exponentialDecay({ ...schedule, rate: schedule })
    case 'minting':
      return simpleMinting(schedule)
  }
}

function fixedOf(kind: FixedSchedule['kind'], options: ScheduleOptions): FixedSchedule {
  const { emission = parseEther('100') } = options
  if (kind === 'halving')
    return { kind, perEpoch: emission, halvingEpochs: options.halving ?? 8766, maxHalvings: 16 }
  if (kind === 'decay') {
    const { decay = { numerator: 85n, denominator: 100n }, step = 8766, steps = 40 } = options
    return { kind, perEpoch: emission, ...decay, stepEpochs: step, steps }
  }
  const { asymptote = parseEther('1000000'), halfLife = 52_596 } = options
  return { kind, asymptote, lambda: halfLifeRate(halfLife) }
}

function bandOf(options: ScheduleOptions, base: FixedSchedule): BandSchedule {
  const { floor = 5_000, cap = 0, capFrom = parseEther('1'), netEmission = 0n, reach = 10_000 } = options
  if (cap !== 0 && cap <= floor) throw capBelowFloor(cap, floor)
  return {
    kind: 'band',
    base,
    floorBps: floor,
    capBps: cap,
    capFrom,
    netEmissionCap: netEmission,
    reach: BigInt(reach) * 10n ** 14n,
    ...(options.treasury === undefined ? {} : { treasury: options.treasury }),
  }
}

/** For commander: a fraction below one, like 85/100. */
function fraction(text: string): { numerator: bigint; denominator: bigint } {
  const [, numerator, denominator] = /^(\d{1,19})\/(\d{1,19})$/.exec(text) ?? []
  if (numerator === undefined || denominator === undefined || BigInt(numerator) >= BigInt(denominator))
    throw new InvalidArgumentError('expected a fraction below one, like 85/100')
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) }
}

function withoutEffect(flag: Flag, { schedule, base = 'halving' }: ScheduleOptions): ScheduleError {
  const chosen = schedule === 'band' ? `a band on ${base}` : `a schedule of ${schedule}`
  const users = kinds.filter((kind) => readBy[kind].includes(flag))
  const isBase = schedule === 'band' && users.every((kind) => kind !== 'band')
  return new ScheduleError({
    code: 'option_without_effect',
    field: flags[flag],
    message: `${flags[flag]} says nothing about ${chosen}; it belongs to ${users.join(' and ')}.`,
    fix: `Leave it out, or choose ${isBase ? '--base' : '--schedule'} ${users[0]}.`,
  })
}

function capBelowFloor(cap: number, floor: number): ScheduleError {
  return new ScheduleError({
    code: 'cap_below_floor',
    field: '--cap',
    value: String(cap),
    message: `The cap of ${cap} basis points of what is paid is not above the floor of ${floor}, so both could bind at once.`,
    fix: `Choose a --cap above ${floor}, or 0 for none.`,
  })
}

function notRemintable(token: string): ScheduleError {
  return new ScheduleError({
    code: 'token_not_remintable',
    field: '--token',
    value: token,
    message: `The token ${token} exists already; a band emits again what was burned, which only a token made for that band lets it do.`,
    fix: 'Leave --token out, so that the network makes its own, or choose --schedule halving, decay or minting.',
  })
}
