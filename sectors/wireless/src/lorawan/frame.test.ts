import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { frameArbitrary } from './arbitraries.ts'
import { LorawanError } from './error.ts'
import type { DataFrame } from './frame.ts'
import { parseFrame } from './parse-frame.ts'
import { serializeFrame } from './serialize-frame.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 2000)
const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))

const DATA: DataFrame = {
  kind: 'data',
  rfu: 0,
  direction: 'up',
  confirmed: false,
  devAddr: '01020304',
  fCtrl: { adr: false, adrAckReq: false, ack: false, pendingOrClassB: false },
  fCnt: 1,
  fOpts: new Uint8Array(0),
  fPort: 1,
  frmPayload: Uint8Array.of(1),
  mic: new Uint8Array(4),
}

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(LorawanError)
    return (error as LorawanError).code
  }
  throw new Error('nothing was thrown')
}

describe('default', () => {
  test('unconfirmed uplink', () => {
    // brocaar/lorawan:phypayload_test.go, TestPHYPayloadData (MIT)
    const bytes = new Uint8Array(Buffer.from('QAQDAgGAAQABppRkJhXWw7WC', 'base64'))
    expect(parseFrame(bytes)).toEqual({
      ...DATA,
      fCtrl: { ...DATA.fCtrl, adr: true },
      frmPayload: fromHex('a694642615'),
      mic: fromHex('d6c3b582'),
    })
  })

  test('unconfirmed downlink that acknowledges, with MAC commands', () => {
    // anthonykirby/lora-packet:__tests__/mic_test.ts, the "ACK" packet (MIT), its port replaced by two FOpts
    expect(parseFrame(fromHex('60f17dbe492202000305f9d65d27'))).toMatchObject({
      direction: 'down',
      devAddr: '49be7df1',
      fCtrl: { ack: true, adr: false },
      fCnt: 2,
      fOpts: Uint8Array.of(3, 5),
      frmPayload: new Uint8Array(0),
      mic: fromHex('f9d65d27'),
    })
  })

  test('join request', () => {
    // brocaar/lorawan:phypayload_test.go, TestPHYPayloadJoinRequest (MIT)
    const bytes = new Uint8Array(Buffer.from('AAQDAgEEAwIBBQQDAgUEAwItEGqZDhI=', 'base64'))
    expect(parseFrame(bytes)).toEqual({
      kind: 'joinRequest',
      rfu: 0,
      joinEui: '0102030401020304',
      devEui: '0203040502030405',
      devNonce: 0x102d,
      mic: fromHex('6a990e12'),
    })
  })

  test('join accept stays opaque', () => {
    // brocaar/lorawan:phypayload_test.go, TestPHYPayloadJoinAccept (MIT)
    const bytes = fromHex('20493eeb51fba2116f810edb3742975142')
    expect(parseFrame(bytes)).toEqual({ kind: 'joinAccept', rfu: 0, encrypted: bytes.slice(1) })
  })

  test('rejoin requests and proprietary frames', () => {
    const rejoin = fromHex(`c000${'030201'}${'0807060504030201'}0500aabbccdd`)
    expect(parseFrame(rejoin)).toMatchObject({
      rejoinType: 0,
      netId: '010203',
      devEui: '0102030405060708',
      rjCount: 5,
    })
    expect(parseFrame(fromHex('e00102'))).toEqual({ kind: 'proprietary', rfu: 0, body: Uint8Array.of(1, 2) })
  })
})

describe('behavior', () => {
  test('value → bytes → value → bytes', () => {
    fc.assert(
      fc.property(frameArbitrary, (frame) => {
        const bytes = serializeFrame(frame)
        expect(parseFrame(bytes)).toEqual(frame)
        expect(serializeFrame(parseFrame(bytes))).toEqual(bytes)
      }),
    )
  })

  test(`fuzz, ${numRuns} runs: any bytes give a frame that re-encodes to them, or the typed error`, {
    timeout: 600_000,
  }, () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 260 }),
      fc.tuple(frameArbitrary, fc.nat(), fc.nat(255)).map(([frame, at, byte]) => {
        const bytes = serializeFrame(frame)
        bytes[at % bytes.length] = byte
        return bytes
      }),
      fc.tuple(frameArbitrary, fc.nat(40)).map(([frame, cut]) => serializeFrame(frame).slice(0, -cut)),
    )
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        try {
          expect(serializeFrame(parseFrame(bytes))).toEqual(bytes)
        } catch (error) {
          if (!(error instanceof LorawanError)) throw error
        }
      }),
      { numRuns },
    )
  })
})

describe('error', () => {
  test('frames', () => {
    expect(codeOf(() => parseFrame(new Uint8Array(0)))).toBe('FRAME_LENGTH')
    expect(codeOf(() => parseFrame(new Uint8Array(256)))).toBe('FRAME_TOO_LARGE')
    expect(codeOf(() => parseFrame(fromHex('41')))).toBe('MAJOR_UNSUPPORTED')
    expect(codeOf(() => parseFrame(fromHex('40f17dbe4900020001')))).toBe('FRAME_LENGTH')
    expect(codeOf(() => parseFrame(fromHex('40f17dbe490f020001954378762b11ff0d')))).toBe('FRAME_LENGTH')
    expect(codeOf(() => parseFrame(fromHex('40f17dbe49010200020095aabbccdd')))).toBe('FOPTS_WITH_PORT_ZERO')
    expect(codeOf(() => parseFrame(fromHex('00aa')))).toBe('FRAME_LENGTH')
    expect(codeOf(() => parseFrame(fromHex('20aa')))).toBe('FRAME_LENGTH')
    expect(codeOf(() => parseFrame(fromHex('c003')))).toBe('REJOIN_TYPE_UNKNOWN')
  })

  test('values', () => {
    expect(codeOf(() => serializeFrame({ ...DATA, devAddr: '0102' }))).toBe('FIELD_INVALID')
    expect(codeOf(() => serializeFrame({ ...DATA, fCnt: 65536 }))).toBe('FIELD_INVALID')
    expect(codeOf(() => serializeFrame({ ...DATA, fOpts: new Uint8Array(16) }))).toBe('FIELD_INVALID')
    expect(codeOf(() => serializeFrame({ ...DATA, frmPayload: new Uint8Array(243) }))).toBe('FIELD_INVALID')
    expect(codeOf(() => serializeFrame({ ...DATA, fPort: 0, fOpts: new Uint8Array(1) }))).toBe(
      'FOPTS_WITH_PORT_ZERO',
    )
    const { fPort: _, ...portless } = DATA
    expect(codeOf(() => serializeFrame(portless))).toBe('FIELD_INVALID')
  })
})
