import { EconomicsError } from '@cairn/economics'
import { Command, CommanderError } from 'commander'
import { parseEther } from 'viem'
import { describe, expect, test } from 'vitest'
import { firstEmissionOf, type ScheduleOptions, scheduleOf, withSchedule } from './schedule-options.ts'

function parse(...args: string[]): ScheduleOptions {
  const command = withSchedule(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  return command.parse(args, { from: 'user' }).opts()
}
const schedule = (...args: string[]) => scheduleOf(parse(...args))

describe('scheduleOf', () => {
  test('default: 100 tokens an epoch that halve each year of hours', () => {
    const halving = schedule()
    expect(halving).toEqual({
      kind: 'halving',
      perEpoch: parseEther('100'),
      halvingEpochs: 8_766,
      maxHalvings: 16,
    })
    expect(firstEmissionOf(halving)).toBe(parseEther('100'))
  })

  test('default: decay and minting with their own parameters', () => {
    const decay = schedule('--schedule', 'decay', '--emission', '7', '--decay', '9/10', '--step', '3')
    expect(decay).toEqual({
      kind: 'decay',
      perEpoch: parseEther('7'),
      numerator: 9n,
      denominator: 10n,
      stepEpochs: 3,
      steps: 40,
    })
    const minting = schedule('--schedule', 'minting', '--asymptote', '330000000', '--half-life', '6307200')
    expect(minting).toMatchObject({ kind: 'minting', lambda: 37_396_271_439_864_487_274_534_522_888_786n })
    // What Filecoin's simple minting has emitted before its epoch 1: specs/vectors/economics.json.
    expect(firstEmissionOf(minting)).toBe(36_266_260_308_195_979_333n)
  })

  test('default: a band on any of them', () => {
    const band = schedule(
      ...['--schedule', 'band', '--base', 'minting', '--half-life', '1000', '--floor', '4000'],
      ...['--cap', '30000', '--net-emission', '5', '--reach', '8000'],
    )
    expect(band).toMatchObject({
      kind: 'band',
      base: { kind: 'minting', asymptote: parseEther('1000000') },
      floorBps: 4_000,
      capBps: 30_000,
      capFrom: parseEther('1'),
      netEmissionCap: parseEther('5'),
      reach: parseEther('0.8'),
    })
    expect(firstEmissionOf(band)).toBeGreaterThan(parseEther('5'))
  })

  test.for([
    { args: ['--half-life', '9'], field: '--half-life', fix: '--schedule minting' },
    { args: ['--schedule', 'minting', '--emission', '9'], field: '--emission', fix: '--schedule halving' },
    { args: ['--floor', '9'], field: '--floor', fix: '--schedule band' },
    { args: ['--schedule', 'band', '--steps', '9'], field: '--steps', fix: '--base decay' },
  ])('error: $args is not passed over, and the error says where it belongs', ({ args, field, fix }) => {
    expect(() => schedule(...args)).toThrow(
      expect.objectContaining({ code: 'option_without_effect', field, fix: expect.stringContaining(fix) }),
    )
  })

  test('error: a cap at or below the floor, a rate that does not decay, and a total beyond 96 bits', () => {
    expect(() => schedule('--schedule', 'band', '--cap', '5000')).toThrow(
      expect.objectContaining({ code: 'cap_below_floor', field: '--cap', value: '5000' }),
    )
    expect(() => parse('--schedule', 'decay', '--decay', '3/3')).toThrow(CommanderError)
    expect(() => firstEmissionOf(schedule('--emission', '99999999999'))).toThrow(EconomicsError)
  })
})
