import fc from 'fast-check'
import type { DataFrame, Frame } from './frame.ts'

/** Generators of every frame the codec can carry, for property tests. */

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })
const hex = (length: number): fc.Arbitrary<string> =>
  bytes(length).map((value) => Buffer.from(value).toString('hex'))
const u16 = fc.integer({ min: 0, max: 0xffff })
const rfu = fc.integer({ min: 0, max: 7 })
const mic = bytes(4)

export const keyArbitrary: fc.Arbitrary<Uint8Array> = bytes(16)

/** `maxPayload` keeps the PHYPayload within 255 bytes with FOpts at their longest (13 + 15 bytes around it). */
export const dataFrameArbitrary = (maxPayload = 226): fc.Arbitrary<DataFrame> =>
  fc
    .record({
      kind: fc.constant('data' as const),
      rfu,
      direction: fc.constantFrom('up' as const, 'down' as const),
      confirmed: fc.boolean(),
      devAddr: hex(4),
      fCtrl: fc.record({
        adr: fc.boolean(),
        adrAckReq: fc.boolean(),
        ack: fc.boolean(),
        pendingOrClassB: fc.boolean(),
      }),
      fCnt: u16,
      fOpts: fc.uint8Array({ maxLength: 15 }),
      fPort: fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined }),
      frmPayload: fc.uint8Array({ maxLength: maxPayload }),
      mic,
    })
    .map(({ fPort, ...frame }): DataFrame => {
      if (fPort === undefined) return { ...frame, frmPayload: new Uint8Array(0) }
      return { ...frame, fPort, fOpts: fPort === 0 ? new Uint8Array(0) : frame.fOpts }
    })

export const frameArbitrary: fc.Arbitrary<Frame> = fc.oneof(
  dataFrameArbitrary(),
  fc.record({
    kind: fc.constant('joinRequest' as const),
    rfu,
    joinEui: hex(8),
    devEui: hex(8),
    devNonce: u16,
    mic,
  }),
  fc.record({ kind: fc.constant('joinAccept' as const), rfu, encrypted: fc.oneof(bytes(16), bytes(32)) }),
  fc.record({
    kind: fc.constant('rejoinRequest' as const),
    rfu,
    rejoinType: fc.constantFrom(0 as const, 2 as const),
    netId: hex(3),
    devEui: hex(8),
    rjCount: u16,
    mic,
  }),
  fc.record({
    kind: fc.constant('rejoinRequest' as const),
    rfu,
    rejoinType: fc.constant(1 as const),
    joinEui: hex(8),
    devEui: hex(8),
    rjCount: u16,
    mic,
  }),
  fc.record({ kind: fc.constant('proprietary' as const), rfu, body: fc.uint8Array({ maxLength: 254 }) }),
)
