import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { datagramArbitrary } from './arbitraries.ts'
import {
  MAX_DATAGRAM_BYTES,
  type PushData,
  parseDatagram,
  peekGatewayEui,
  serializeDatagram,
} from './datagram.ts'
import { SemtechUdpError, type SemtechUdpErrorCode } from './error.ts'

const HEADER = [2, 0x12, 0x34, 0, 1, 2, 3, 4, 5, 6, 7, 8]

const pushData = (body: unknown): Uint8Array => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return Buffer.concat([Buffer.from(HEADER), Buffer.from(text)])
}

const parsePush = (body: unknown): PushData => parseDatagram(pushData(body)) as PushData

const failure = (run: () => unknown): SemtechUdpError => {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(SemtechUdpError)
    return error as SemtechUdpError
  }
  throw new Error('nothing was thrown')
}

const expectPushError = (body: unknown, code: SemtechUdpErrorCode, field: string): void => {
  expect(failure(() => parsePush(body))).toMatchObject({ code, field })
}

// TheThingsNetwork/lorawan-stack:pkg/ttnpb/udp/translation_test.go, TestToGatewayUpRaw (Apache-2.0)
const TTN_RXPK = {
  tmst: 368384825,
  chan: 0,
  rfch: 0,
  freq: 868.1,
  stat: 1,
  modu: 'LORA',
  datr: 'SF7BW125',
  codr: '4/5',
  lsnr: -11,
  rssi: -107,
  size: 108,
  data: 'Wqish6GVYpKy6o9WFHingeTJ1oh+ABc8iALBvwz44yxZP+BKDocaC5VQT5Y6dDdUaBILVjRMz0Ynzow1U/Kkts9AoZh3Ja3DX+DyY27exB+BKpSx2rXJ2vs9svm/EKYIsPF0RG1E+7lBYaD9',
}

describe('default', () => {
  test('PUSH_DATA: header and an empty body', () => {
    // chirpstack/chirpstack-gateway-bridge:internal/backend/semtechudp/packets/push_data_test.go (MIT)
    const bytes = Uint8Array.of(2, 123, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 123, 125)
    const datagram = parseDatagram(bytes)
    expect(datagram).toEqual({
      kind: 'PUSH_DATA',
      version: 2,
      token: 123 << 8,
      gatewayEui: '0102030405060708',
      rxpk: [],
    })
    expect(serializeDatagram(datagram)).toEqual(bytes)
  })

  test('rxpk: radio values become integers', () => {
    const [rxpk] = parsePush({ rxpk: [TTN_RXPK] }).rxpk
    expect(rxpk).toEqual({
      tmst: 368384825,
      channel: 0,
      rfChain: 0,
      frequencyHz: 868_100_000,
      crcStatus: 'ok',
      dataRate: { modulation: 'LORA', spreadingFactor: 7, bandwidthHz: 125_000 },
      codingRate: '4/5',
      snrDeciDb: -110,
      rssiDeciDbm: -1070,
      payload: new Uint8Array(Buffer.from(TTN_RXPK.data, 'base64')),
    })
  })

  test('rxpk: FSK and LoRa of the protocol document, unpadded base64 included', () => {
    // Lora-net/packet_forwarder:PROTOCOL.TXT §4, second and third packet
    const { rxpk } = parsePush(
      `{"rxpk":[{"time":"2013-03-31T16:21:17.530974Z","tmst":3512348514,"chan":9,"rfch":1,"freq":869.1,"stat":1,
       "modu":"FSK","datr":50000,"rssi":-75,"size":16,"data":"VEVTVF9QQUNLRVRfMTIzNA=="},
       {"time":"2013-03-31T16:21:17.532038Z","tmst":3316387610,"chan":0,"rfch":0,"freq":863.00981,"stat":1,
       "modu":"LORA","datr":"SF10BW125","codr":"4/7","rssi":-38,"lsnr":5.5,"size":32,
       "data":"ysgRl452xNLep9S1NTIg2lomKDxUgn3DJ7DE+b00Ass"}]}`,
    )
    expect(rxpk[0]).toMatchObject({
      timeUs: Date.UTC(2013, 2, 31, 16, 21, 17) * 1000 + 530_974,
      dataRate: { modulation: 'FSK', bitrateBps: 50_000 },
      payload: new Uint8Array(Buffer.from('TEST_PACKET_1234')),
    })
    expect(rxpk[1]).toMatchObject({ frequencyHz: 863_009_810, snrDeciDb: 55, codingRate: '4/7' })
    expect(rxpk[1]?.payload).toHaveLength(32)
  })

  test('rxpk: of several antennas the one with the best SNR, then RSSI', () => {
    // TheThingsNetwork/lorawan-stack:pkg/ttnpb/udp/translation_test.go, TestToGatewayUpRawMultiAntenna (Apache-2.0)
    const packet = {
      tmst: 879148780,
      time: '2017-07-04T13:51:17.997099Z',
      rfch: 0,
      freq: 868.5,
      stat: 1,
      modu: 'LORA',
      datr: 'SF7BW125',
      codr: '4/5',
      size: 24,
      data: 'gM+AMQcAvgQBlohnlJqUGOJKTDuTscQD',
      aesk: 42,
      rsig: [
        { ant: 0, chan: 7, lsnr: 14, etime: '42QMzOlYSSPMMeqVPrY0fQ==', rssis: -92, rssic: -95, foff: -8898 },
        { ant: 1, chan: 23, lsnr: 14, rssis: -88, rssic: -93, ftime: 1252538436, foff: -8898, rs2s1: 104 },
      ],
    }
    expect(parsePush({ rxpk: [packet] }).rxpk[0]).toMatchObject({
      antenna: 1,
      channel: 23,
      rssiDeciDbm: -930,
      signalRssiDeciDbm: -880,
      snrDeciDb: 140,
      fineTimeNs: 1252538436,
      frequencyOffsetHz: -8898,
    })
    const [first, second] = packet.rsig
    const louderSnr = parsePush({ rxpk: [{ ...packet, rsig: [{ ...first, lsnr: 14.1 }, second] }] })
    expect(louderSnr.rxpk[0]?.antenna).toBe(0)
  })

  test('stat: of the reference forwarder', () => {
    // TheThingsNetwork/lorawan-stack:pkg/ttnpb/udp/translation_test.go, TestStatusRaw (Apache-2.0)
    const { stat } = parsePush(
      `{"stat":{"rxfw":0,"hal":"5.1.0","fpga":2,"dsp":31,"temp":30.5,"lati":52.34223,"long":5.29685,"txnb":0,
       "dwnb":0,"alti":66,"rxok":0,"time":"2017-06-08 09:40:42 GMT","rxnb":0,"ackr":0.0}}`,
    )
    expect(stat).toEqual({
      timeMs: Date.UTC(2017, 5, 8, 9, 40, 42),
      latitudeMicroDeg: 52_342_230,
      longitudeMicroDeg: 5_296_850,
      altitudeM: 66,
      received: 0,
      receivedOk: 0,
      forwarded: 0,
      ackedPermille: 0,
      downlinks: 0,
      emitted: 0,
      temperatureDeciC: 305,
    })
  })

  test('TX_ACK: empty body is accepted, txpk_ack tells the refusal or the actual power', () => {
    const txAck = (body: string) =>
      parseDatagram(Buffer.concat([Buffer.from([2, 0, 9, 5, 1, 2, 3, 4, 5, 6, 7, 8]), Buffer.from(body)]))
    expect(txAck('')).toMatchObject({ kind: 'TX_ACK', token: 9, ack: { accepted: true } })
    expect(txAck('{"txpk_ack":{"error":"NONE"}}')).toMatchObject({ ack: { accepted: true } })
    expect(txAck('{"txpk_ack":{"error":"COLLISION_PACKET"}}')).toMatchObject({
      ack: { accepted: false, error: 'COLLISION_PACKET' },
    })
    expect(txAck('{"txpk_ack":{"warn":"TX_POWER","value":20}}\0')).toMatchObject({
      ack: { accepted: true, actualPowerDbm: 20 },
    })
  })
})

describe('behavior: round trip', () => {
  test('value → bytes → value', () => {
    fc.assert(
      fc.property(datagramArbitrary, (datagram) => {
        expect(parseDatagram(serializeDatagram(datagram))).toEqual(datagram)
      }),
    )
  })

  test('bytes → value → bytes', () => {
    fc.assert(
      fc.property(datagramArbitrary, (datagram) => {
        const bytes = serializeDatagram(datagram)
        expect(serializeDatagram(parseDatagram(bytes))).toEqual(bytes)
      }),
    )
  })

  test('the EUI read before parsing is the EUI parsed', () => {
    fc.assert(
      fc.property(datagramArbitrary, (datagram) => {
        const eui = 'gatewayEui' in datagram ? datagram.gatewayEui : undefined
        expect(peekGatewayEui(serializeDatagram(datagram))).toBe(eui)
      }),
    )
  })

  test('unknown fields and null fields change nothing', () => {
    const plain = parsePush({ rxpk: [TTN_RXPK] })
    const newer = { ...TTN_RXPK, jver: 1, mid: 8, foff: null, time: null, hpw: { a: [] } }
    expect(parsePush({ rxpk: [newer], extra: [1] })).toEqual(plain)
  })
})

describe('error: header', () => {
  const code = (bytes: Uint8Array): string => failure(() => parseDatagram(bytes)).code

  test('every malformed header has its own code', () => {
    expect(code(new Uint8Array(0))).toBe('DATAGRAM_TRUNCATED')
    expect(code(Uint8Array.of(2, 0, 0))).toBe('DATAGRAM_TRUNCATED')
    expect(code(Uint8Array.of(2, 0, 0, 2, 1))).toBe('DATAGRAM_TRUNCATED')
    expect(code(Uint8Array.of(3, 0, 0, 1))).toBe('VERSION_UNSUPPORTED')
    expect(code(Uint8Array.of(2, 0, 0, 6))).toBe('IDENTIFIER_UNKNOWN')
    expect(code(Uint8Array.of(2, 0, 0, 1, 0))).toBe('DATAGRAM_TRAILING_BYTES')
    expect(code(new Uint8Array(MAX_DATAGRAM_BYTES + 1))).toBe('DATAGRAM_TOO_LARGE')
  })
})

describe('error: body', () => {
  test('JSON that is none, not UTF-8, or no object', () => {
    expectPushError('', 'JSON_INVALID', 'body')
    expectPushError('{"rxpk":[', 'JSON_INVALID', 'body')
    expectPushError('[]', 'FIELD_INVALID', 'body')
    const bytes = pushData('{"a":"x"}')
    bytes[18] = 0xff
    expect(failure(() => parseDatagram(bytes)).code).toBe('JSON_INVALID')
  })

  test('too many packets', () => {
    const rxpk = Array.from({ length: 65 }, () => ({}))
    expectPushError({ rxpk }, 'TOO_MANY_PACKETS', 'body.rxpk')
  })

  test.each([
    ['tmst', -1],
    ['tmst', 2 ** 32],
    ['tmst', 1.5],
    ['freq', '868.1'],
    ['freq', 50],
    ['stat', 2],
    ['modu', 'LR-FHSS'],
    ['datr', 'SF13BW125'],
    ['datr', 'SF7BW12500'],
    ['datr', 50000],
    ['codr', '5/4'],
    ['rssi', -201],
    ['lsnr', 61],
    ['time', '2013-02-30T16:21:17Z'],
    ['time', 'yesterday'],
    ['data', 'Wqish6GV Ypk'],
    ['data', 'AB=='],
    ['data', 'A==='],
    ['data', 'x'.repeat(1000)],
  ])('rxpk.%s = %s', (name, value) => {
    expectPushError({ rxpk: [TTN_RXPK, { ...TTN_RXPK, [name]: value }] }, 'FIELD_INVALID', `rxpk[1].${name}`)
  })

  test.each(['tmst', 'freq', 'stat', 'modu', 'datr', 'codr', 'rssi', 'lsnr', 'size', 'data'])(
    'rxpk without %s',
    (name) => {
      const { [name as 'tmst']: _, ...rest } = TTN_RXPK
      expectPushError({ rxpk: [rest] }, 'FIELD_MISSING', `rxpk[0].${name}`)
    },
  )

  test('size that disagrees with data', () => {
    expectPushError({ rxpk: [{ ...TTN_RXPK, size: 107 }] }, 'SIZE_MISMATCH', 'rxpk[0].size')
  })

  test('the message holds value, expectation and fix, and is bounded', () => {
    const { message } = failure(() => parsePush({ rxpk: [{ ...TTN_RXPK, datr: 'S'.repeat(60_000) }] }))
    expect(message).toMatch(/rxpk\[0\]\.datr is "S+…?.*: SF5 to SF12 .* is expected\.\n\nCorrect the field/)
    expect(message.length).toBeLessThan(400)
  })
})
