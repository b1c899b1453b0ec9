import fc from 'fast-check'
import type { Datagram, PushData } from './datagram.ts'
import { type GatewayEui, parseGatewayEui } from './gateway-eui.ts'
import type { GatewayStat } from './gateway-stat.ts'
import type { Rxpk } from './rxpk.ts'
import type { TxAck } from './tx-ack.ts'
import type { Txpk } from './txpk.ts'

/** Generators of every value the codec can carry, for property tests. */

const optionally = <T extends object>(
  model: { [K in keyof T]: fc.Arbitrary<NonNullable<T[K]>> },
): fc.Arbitrary<T> => fc.record(model, { requiredKeys: [] }) as unknown as fc.Arbitrary<T>

const merged = <A extends object, B extends object>(
  a: fc.Arbitrary<A>,
  b: fc.Arbitrary<B>,
): fc.Arbitrary<A & B> => fc.tuple(a, b).map(([left, right]) => ({ ...left, ...right }))

const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const small = fc.integer({ min: 0, max: 255 })
const frequencyHz = fc.integer({ min: 100_000_000, max: 3_000_000_000 })
const payload = fc.uint8Array({ maxLength: 255 })
const deciDbm = fc.integer({ min: -2000, max: 500 })
const codingRate = fc.constantFrom(
  '4/5' as const,
  '4/6' as const,
  '4/7' as const,
  '4/8' as const,
  'OFF' as const,
)
const loraRate = fc.record({
  modulation: fc.constant('LORA' as const),
  spreadingFactor: fc.integer({ min: 5, max: 12 }),
  bandwidthHz: fc.constantFrom(125_000, 250_000, 500_000),
})
const fskRate = fc.record({
  modulation: fc.constant('FSK' as const),
  bitrateBps: fc.integer({ min: 500, max: 250_000 }),
})

export const gatewayEuiArbitrary: fc.Arbitrary<GatewayEui> = fc
  .uint8Array({ minLength: 8, maxLength: 8 })
  .map((bytes) => parseGatewayEui(Buffer.from(bytes).toString('hex')))

const reception = merged(
  fc.record({
    tmst: u32,
    frequencyHz,
    crcStatus: fc.constantFrom('ok' as const, 'bad' as const, 'none' as const),
    rssiDeciDbm: deciDbm,
    payload,
  }),
  optionally<Omit<Rxpk, 'tmst' | 'frequencyHz' | 'crcStatus' | 'rssiDeciDbm' | 'payload' | 'dataRate'>>({
    timeUs: fc.integer({ min: 0, max: 4_102_444_800_000_000 }),
    tmms: fc.maxSafeNat(),
    fineTimeNs: u32,
    frequencyOffsetHz: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    channel: small,
    rfChain: small,
    signalRssiDeciDbm: deciDbm,
    antenna: small,
  } as never),
)

export const rxpkArbitrary: fc.Arbitrary<Rxpk> = fc.oneof(
  merged(
    reception,
    fc.record({ dataRate: loraRate, codingRate, snrDeciDb: fc.integer({ min: -600, max: 600 }) }),
  ),
  merged(reception, fc.record({ dataRate: fskRate })),
)

export const gatewayStatArbitrary: fc.Arbitrary<GatewayStat> = optionally<GatewayStat>({
  timeMs: fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1000),
  latitudeMicroDeg: fc.integer({ min: -90_000_000, max: 90_000_000 }),
  longitudeMicroDeg: fc.integer({ min: -180_000_000, max: 180_000_000 }),
  altitudeM: fc.integer({ min: -10_000, max: 100_000 }),
  received: u32,
  receivedOk: u32,
  forwarded: u32,
  ackedPermille: fc.integer({ min: 0, max: 10_000 }),
  downlinks: u32,
  emitted: u32,
  temperatureDeciC: fc.integer({ min: -3000, max: 3000 }),
})

const timing = fc.oneof(
  fc.constant({ kind: 'immediate' as const }),
  fc.record({ kind: fc.constant('counter' as const), tmst: u32 }),
  fc.record({ kind: fc.constant('gps' as const), tmms: fc.maxSafeNat() }),
)

export const txpkArbitrary: fc.Arbitrary<Txpk> = merged(
  merged(
    fc.record({
      timing,
      frequencyHz,
      rfChain: small,
      invertPolarity: fc.boolean(),
      noCrc: fc.boolean(),
      payload,
    }),
    optionally<Pick<Txpk, 'powerDbm' | 'preambleSymbols'>>({
      powerDbm: fc.integer({ min: -30, max: 40 }),
      preambleSymbols: fc.integer({ min: 0, max: 0xffff }),
    } as never),
  ),
  fc.oneof(
    fc.record({ dataRate: loraRate, codingRate }),
    fc.record({ dataRate: fskRate, frequencyDeviationHz: fc.integer({ min: 0, max: 250_000 }) }),
  ),
)

const txAckArbitrary: fc.Arbitrary<TxAck> = fc.oneof(
  fc.constant({ accepted: true as const }),
  fc.record({ accepted: fc.constant(true as const), actualPowerDbm: fc.integer({ min: -100, max: 100 }) }),
  fc.record({
    accepted: fc.constant(false as const),
    error: fc.constantFrom(
      'TOO_LATE' as const,
      'TX_FREQ' as const,
      'GPS_UNLOCKED' as const,
      'UNKNOWN' as const,
    ),
  }),
)

const header = fc.record({
  version: fc.constantFrom(1 as const, 2 as const),
  token: fc.integer({ min: 0, max: 0xffff }),
})
const fromGateway = merged(header, fc.record({ gatewayEui: gatewayEuiArbitrary }))

export const datagramArbitrary: fc.Arbitrary<Datagram> = fc.oneof(
  merged(header, fc.record({ kind: fc.constantFrom('PUSH_ACK' as const, 'PULL_ACK' as const) })),
  merged(fromGateway, fc.record({ kind: fc.constant('PULL_DATA' as const) })),
  merged(header, fc.record({ kind: fc.constant('PULL_RESP' as const), txpk: txpkArbitrary })),
  merged(fromGateway, fc.record({ kind: fc.constant('TX_ACK' as const), ack: txAckArbitrary })),
  merged(
    fromGateway,
    fc.record(
      {
        kind: fc.constant('PUSH_DATA' as const),
        rxpk: fc.array(rxpkArbitrary, { maxLength: 4 }),
        stat: gatewayStatArbitrary,
      },
      { requiredKeys: ['kind', 'rxpk'] },
    ) as fc.Arbitrary<Pick<PushData, 'kind' | 'rxpk' | 'stat'>>,
  ),
)
