import fc from 'fast-check'
import loraPacketModule from 'lora-packet'
import { describe, expect, test } from 'vitest'
import { deriveAesCmac } from './aes-cmac.ts'
import { dataFrameArbitrary, keyArbitrary } from './arbitraries.ts'
import { nodeAes128 } from './block-cipher.ts'
import { buildDataFrame } from './build-data-frame.ts'
import type { DataFrame, JoinRequest } from './frame.ts'
import { deriveFullFrameCounter } from './frame-counter.ts'
import { cryptFrmPayload } from './frm-payload.ts'
import { type DataIntegrity, deriveDataMic, deriveJoinMic, verifyDataMic, verifyJoinMic } from './mic.ts'
import { parseFrame } from './parse-frame.ts'
import { serializeFrame } from './serialize-frame.ts'

// Its types promise a `default` member that its CommonJS export, the library itself, does not have.
const loraPacket = loraPacketModule as unknown as typeof loraPacketModule.default

const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const u32 = fc.integer({ min: 0, max: 0xffff_ffff })

/** lora-packet takes the upper half of the counter as it goes on the wire, least significant byte first. */
const upperHalf = (fCnt32: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(Math.floor(fCnt32 / 0x1_0000))
  return bytes
}

const withCounter = (frame: DataFrame, fCnt32: number): DataFrame => ({ ...frame, fCnt: fCnt32 % 0x1_0000 })
const packetOf = (frame: DataFrame) => loraPacket.fromWire(Buffer.from(serializeFrame(frame)))

describe('default: published vectors', () => {
  // RFC 4493 §4
  const key = fromHex('2b7e151628aed2a6abf7158809cf4f3c')
  const message = fromHex(
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
  )
  test.each([
    [0, 'bb1d6929e95937287fa37d129b756746'],
    [16, '070a16b46b4d4144f79bdd9dd04a287c'],
    [40, 'dfa66747de9ae63030ca32611497c827'],
    [64, '51f0bebf7e3b9d92fc49741779363cfe'],
  ])('AES-CMAC of %i bytes', (length, expected) => {
    expect(toHex(deriveAesCmac(nodeAes128, key, message.slice(0, length)))).toBe(expected)
  })

  test('MIC and payload of an uplink, and building it', () => {
    // brocaar/lorawan:phypayload_test.go, TestPHYPayloadData (MIT)
    const bytes = new Uint8Array(Buffer.from('QAQDAgGAAQABppRkJhXWw7WC', 'base64'))
    const frame = parseFrame(bytes) as DataFrame
    const integrity: DataIntegrity = { version: '1.0', nwkSKey: new Uint8Array(16).fill(2) }
    const payloadKey = new Uint8Array(16).fill(1)
    expect(verifyDataMic(nodeAes128, frame, 1, integrity)).toBe(true)
    expect(verifyDataMic(nodeAes128, frame, 0x1_0001, integrity)).toBe(false)
    const payload = cryptFrmPayload(nodeAes128, payloadKey, frame, 1, frame.frmPayload)
    expect(Buffer.from(payload).toString()).toBe('hello')
    const plan = { direction: 'up', confirmed: false, devAddr: '01020304', fCnt: 1, fPort: 1 } as const
    expect(
      buildDataFrame(nodeAes128, { ...plan, fCtrl: { adr: true }, payload, payloadKey, integrity }),
    ).toEqual(bytes)
  })

  test('a confirmed uplink', () => {
    // brocaar/lorawan:phypayload_test.go, ExampleNewPHYPayload (MIT)
    const ascending = Uint8Array.from({ length: 16 }, (_, i) => i + 1)
    const bytes = buildDataFrame(nodeAes128, {
      direction: 'up',
      confirmed: true,
      devAddr: '01020304',
      fCnt: 0,
      fPort: 10,
      payload: Uint8Array.of(1, 2, 3, 4),
      payloadKey: ascending.toReversed(),
      integrity: { version: '1.0', nwkSKey: ascending },
    })
    expect([...bytes]).toEqual([128, 4, 3, 2, 1, 0, 0, 0, 10, 226, 100, 212, 247, 181, 106, 14, 117])
  })

  test.each([
    // anthonykirby/lora-packet:__tests__/mic_test.ts (MIT)
    ['40f17dbe4900020001954378762b11ff0d', 2, true],
    ['40f17dbe49000300012a3518af', 3, true],
    ['40f17dbe49000300012a3518aa', 3, false],
    ['60f17dbe4920020001f9d65d27', 2, true],
  ])('MIC of %s', (hex, fCnt, valid) => {
    const nwkSKey = fromHex('44024241ed4ce9a68c6a8bc055233fd3')
    const frame = parseFrame(fromHex(hex)) as DataFrame
    expect(verifyDataMic(nodeAes128, frame, fCnt, { version: '1.0', nwkSKey })).toBe(valid)
  })

  test('MIC of a join request', () => {
    // anthonykirby/lora-packet:__tests__/mic_test.ts (MIT)
    const frame = parseFrame(fromHex('0039363463336913aa05693574323831330489c65b1304')) as JoinRequest
    const appKey = fromHex('98929b92c49edba9676d646d3b612456')
    expect(toHex(deriveJoinMic(nodeAes128, frame, appKey))).toBe('c65b1304')
    expect(verifyJoinMic(nodeAes128, { ...frame, devNonce: frame.devNonce ^ 1 }, appKey)).toBe(false)
  })
})

describe('behavior: the same as lora-packet', () => {
  test('fields', () => {
    fc.assert(
      fc.property(dataFrameArbitrary(), (frame) => {
        const packet = packetOf(frame)
        expect({
          direction: packet.getDir(),
          confirmed: packet.isConfirmed(),
          devAddr: packet.DevAddr?.toString('hex'),
          fCnt: packet.getFCnt(),
          fOpts: packet.FOpts?.toString('hex'),
          fPort: packet.getFPort() ?? undefined,
          frmPayload: packet.FRMPayload?.toString('hex') ?? '',
          mic: packet.MIC?.toString('hex'),
          ack: packet.getFCtrlACK(),
          adr: packet.getFCtrlADR(),
        }).toEqual({
          direction: frame.direction,
          confirmed: frame.confirmed,
          devAddr: frame.devAddr,
          fCnt: frame.fCnt,
          fOpts: toHex(frame.fOpts),
          fPort: frame.fPort,
          frmPayload: toHex(frame.frmPayload),
          mic: toHex(frame.mic),
          ack: frame.fCtrl.ack,
          adr: frame.fCtrl.adr,
        })
      }),
    )
  })

  test('MIC, LoRaWAN 1.0', () => {
    fc.assert(
      fc.property(dataFrameArbitrary(), u32, keyArbitrary, (data, fCnt32, nwkSKey) => {
        const frame = withCounter(data, fCnt32)
        const theirs = loraPacket.calculateMIC(
          packetOf(frame),
          Buffer.from(nwkSKey),
          undefined,
          upperHalf(fCnt32),
        )
        expect(toHex(deriveDataMic(nodeAes128, frame, fCnt32, { version: '1.0', nwkSKey }))).toBe(
          toHex(theirs),
        )
      }),
    )
  })

  test('MIC, LoRaWAN 1.1', () => {
    const small = fc.integer({ min: 0, max: 255 })
    const context = fc.record({
      confFCnt: fc.integer({ min: 0, max: 0xffff }),
      txDataRate: small,
      txChannel: small,
    })
    const keys = fc.record({ fNwkSIntKey: keyArbitrary, sNwkSIntKey: keyArbitrary })
    fc.assert(
      fc.property(
        dataFrameArbitrary(),
        u32,
        keys,
        context,
        (data, fCnt32, { fNwkSIntKey, sNwkSIntKey }, ctx) => {
          const frame = withCounter(data, fCnt32)
          // Where it departs from the specification: it applies ConfFCnt to uplinks on port 0 without ACK,
          // and leaves it in downlinks without ACK. Those cases have no peer here.
          fc.pre(frame.direction === 'up' ? frame.fCtrl.ack || frame.fPort !== 0 : frame.fCtrl.ack)
          const conf = Buffer.alloc(2)
          if (frame.direction === 'up') conf.writeUInt16BE(ctx.confFCnt)
          else conf.writeUInt16LE(ctx.confFCnt)
          const radio = Buffer.from(frame.direction === 'up' ? [ctx.txDataRate, ctx.txChannel] : [])
          const theirs = loraPacket.calculateMIC(
            packetOf(frame),
            Buffer.from(fNwkSIntKey),
            Buffer.from(sNwkSIntKey),
            upperHalf(fCnt32),
            Buffer.concat([conf, radio]),
          )
          const integrity: DataIntegrity = { version: '1.1', fNwkSIntKey, sNwkSIntKey, ...ctx }
          expect(toHex(deriveDataMic(nodeAes128, frame, fCnt32, integrity))).toBe(toHex(theirs))
        },
      ),
    )
  })

  test('encryption of FRMPayload', () => {
    fc.assert(
      fc.property(dataFrameArbitrary(), u32, keyArbitrary, (data, fCnt32, key) => {
        const frame = withCounter(data, fCnt32)
        fc.pre(frame.frmPayload.length > 0)
        const theirs = loraPacket.decrypt(
          packetOf(frame),
          Buffer.from(key),
          Buffer.from(key),
          upperHalf(fCnt32),
        )
        const ours = cryptFrmPayload(nodeAes128, key, frame, fCnt32, frame.frmPayload)
        expect(toHex(ours)).toBe(toHex(theirs))
        expect(cryptFrmPayload(nodeAes128, key, frame, fCnt32, ours)).toEqual(frame.frmPayload)
      }),
    )
  })
})

describe('behavior: verification', () => {
  test('a built frame verifies, and with any bit changed it does not', () => {
    fc.assert(
      fc.property(dataFrameArbitrary(100), u32, keyArbitrary, fc.nat(), (data, fCnt, key, at) => {
        const integrity: DataIntegrity = { version: '1.0', nwkSKey: key }
        const { frmPayload: payload, ...plan } = data
        const bytes = buildDataFrame(nodeAes128, { ...plan, fCnt, payload, payloadKey: key, integrity })
        expect(verifyDataMic(nodeAes128, parseFrame(bytes) as DataFrame, fCnt, integrity)).toBe(true)
        // DevAddr, FCnt, payload and MIC: a change of MHDR, FCtrl or FPort may alter how the frame parses.
        const indices = [...bytes.keys()].filter(
          (i) => [1, 2, 3, 4, 6, 7].includes(i) || i > 8 + data.fOpts.length,
        )
        bytes[indices[at % indices.length]!]! ^= 1 << (at % 8)
        expect(verifyDataMic(nodeAes128, parseFrame(bytes) as DataFrame, fCnt, integrity)).toBe(false)
      }),
    )
  })

  test('the whole counter is the next one with these low bits', () => {
    expect(deriveFullFrameCounter(undefined, 7)).toBe(7)
    expect(deriveFullFrameCounter(5, 6)).toBe(6)
    expect(deriveFullFrameCounter(0xffff, 0)).toBe(0x1_0000)
    expect(deriveFullFrameCounter(0x1_0005, 5)).toBe(0x2_0005)
    expect(deriveFullFrameCounter(0xffff_ffff, 0)).toBeUndefined()
  })
})
