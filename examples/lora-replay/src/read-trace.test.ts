import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import loraPacketModule from 'lora-packet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseChirpstackLine } from './chirpstack-line.ts'
import { parseHeliumLine } from './helium-line.ts'
import { readTrace, readUplinks, TRACE_FILES, type Uplink } from './read-trace.ts'
import { type BuildFrame, deriveTestSession, rebuildFrame, rebuildRxpk } from './rebuild-frame.ts'

/** Made up in the form of the traces; the ids are not of real gateways. */
const HELIUM = {
  dev_eui: '0018B20000000001',
  devaddr: 'D2010048',
  fcnt: 1,
  port: 1,
  payload_size: 15,
  reported_at: 1630589706147,
  hotspots: [
    {
      id: 'test-hotspot',
      frequency: 867.9000244140625,
      rssi: -109,
      snr: -3.799999952316284,
      spreading: 'SF11BW125',
      reported_at: 1630589706147,
    },
  ],
}
const CHIRPSTACK = {
  _topic: 'application/rx',
  _timestamp: 1687514517004,
  devEUI: 'd1d1e80000000001',
  fCnt: 70000,
  fPort: 3,
  data: '0a0b0c',
  txInfo: { frequency: 868500000, dr: 5 },
  rxInfo: [
    { gatewayID: '0'.repeat(32), rssi: -118, loRaSNR: -1 },
    { gatewayID: '1'.repeat(32), rssi: -112, loRaSNR: 0, time: '2023-06-23T10:01:56.746Z' },
  ],
}

// Its types promise a `default` member that its CommonJS export, the library itself, does not have.
const loraPacket = loraPacketModule as unknown as typeof loraPacketModule.default

/** lora-packet takes the upper half of the counter as it goes on the wire, least significant byte first. */
const upperHalf = (fCnt: number): Buffer => Buffer.from([(fCnt >> 16) & 0xff, (fCnt >> 24) & 0xff])

const build: BuildFrame = (plan) =>
  loraPacket
    .fromFields(
      {
        MType: 'Unconfirmed Data Up',
        DevAddr: Buffer.from(plan.devAddr, 'hex'),
        FCnt: plan.fCnt % 0x1_0000,
        FPort: plan.fPort,
        payload: Buffer.from(plan.payload),
      },
      Buffer.from(plan.payloadKey),
      Buffer.from(plan.integrity.nwkSKey),
      undefined,
      upperHalf(plan.fCnt),
    )
    .getPHYPayload() as Buffer

const uplinkOf = (line: ReturnType<typeof parseHeliumLine>): Uplink => {
  if (line.kind !== 'uplink') throw new Error('not an uplink')
  return line.uplink
}

describe('default', () => {
  test('a Helium line', () => {
    expect(uplinkOf(parseHeliumLine(HELIUM))).toEqual({
      deviceEui: '0018b20000000001',
      devAddr: '480001d2',
      fCnt: 1,
      port: 1,
      payload: { sizeBytes: 15 },
      timeMs: 1630589706147,
      receptions: [
        {
          gatewayId: 'test-hotspot',
          // printf test-hotspot | sha256sum | cut -c1-16
          gatewayEui: '6c325c79d979dbae',
          rssiDeciDbm: -1090,
          snrDeciDb: -38,
          frequencyHz: 867_900_000,
          spreadingFactor: 11,
          bandwidthHz: 125_000,
          timeMs: 1630589706147,
        },
      ],
    })
  })

  test('a ChirpStack line and a status message', () => {
    const uplink = uplinkOf(parseChirpstackLine(CHIRPSTACK))
    expect(uplink).toMatchObject({ fCnt: 70000, port: 3, payload: { bytes: Uint8Array.of(10, 11, 12) } })
    expect(uplink.receptions[0]).toMatchObject({ spreadingFactor: 7, bandwidthHz: 125_000, snrDeciDb: -10 })
    expect(uplink.receptions[0]).not.toHaveProperty('timeMs')
    expect(uplink.receptions[1]?.timeMs).toBe(Date.UTC(2023, 5, 23, 10, 1, 56, 746))
    const status = { _topic: 'application/status', _timestamp: 5, margin: -6 }
    expect(parseChirpstackLine(status)).toEqual({ kind: 'status', timeMs: 5 })
  })

  test('a rebuilt frame has the recorded counter, port and payload under the test keys', () => {
    const uplink = uplinkOf(parseChirpstackLine(CHIRPSTACK))
    const session = deriveTestSession(uplink)
    const packet = loraPacket.fromWire(Buffer.from(rebuildFrame(uplink, build)))
    const [nwkSKey, appSKey] = [Buffer.from(session.nwkSKey), Buffer.from(session.appSKey)]
    expect(packet.getFCnt()).toBe(70000 - 65536)
    expect(packet.getFPort()).toBe(3)
    expect(packet.DevAddr?.toString('hex')).toBe(session.devAddr)
    expect(loraPacket.verifyMIC(packet, nwkSKey, undefined, upperHalf(70000))).toBe(true)
    expect([...loraPacket.decrypt(packet, appSKey, nwkSKey, upperHalf(70000))]).toEqual([10, 11, 12])
  })

  test('a payload of which only the size was recorded gets stand-in bytes, the same every time', () => {
    const uplink = uplinkOf(parseHeliumLine(HELIUM))
    const frame = rebuildFrame(uplink, build)
    expect(frame).toHaveLength(13 + 15)
    expect(rebuildFrame(uplink, build)).toEqual(frame)
    expect(rebuildFrame({ ...uplink, fCnt: 2 }, build)).not.toEqual(frame)
  })

  test("a rebuilt packet has the reception's radio values", () => {
    const uplink = uplinkOf(parseChirpstackLine(CHIRPSTACK))
    expect(rebuildRxpk(uplink, uplink.receptions[0]!, Uint8Array.of(1))).toEqual({
      tmst: (1687514517004 * 1000) % 2 ** 32,
      frequencyHz: 868_500_000,
      crcStatus: 'ok',
      dataRate: { modulation: 'LORA', spreadingFactor: 7, bandwidthHz: 125_000 },
      codingRate: '4/5',
      rssiDeciDbm: -1180,
      snrDeciDb: -10,
      payload: Uint8Array.of(1),
    })
    expect(rebuildRxpk(uplink, uplink.receptions[1]!, Uint8Array.of(1)).timeUs).toBe(
      Date.UTC(2023, 5, 23, 10, 1, 56, 746) * 1000,
    )
  })
})

describe('error', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trace-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const readAll = async (content: Uint8Array): Promise<number> => {
    await writeFile(join(folder, 'x.gz'), content)
    let lines = 0
    for await (const _ of readTrace(folder, { name: 'x.gz', format: 'helium' })) lines++
    return lines
  }

  test('a line of another form is named', async () => {
    const good = JSON.stringify(HELIUM)
    expect(await readAll(gzipSync(`${good}\n${good}\n`))).toBe(2)
    await expect(readAll(gzipSync(`${good}\n{"fcnt":1}\n`))).rejects.toMatchObject({ file: 'x.gz', line: 2 })
    await expect(readAll(gzipSync('nonsense'))).rejects.toThrow(/Line 1 of x\.gz is no recorded uplink/)
  })

  test('a file that is cut, no gzip, or absent', async () => {
    const whole = gzipSync(`${JSON.stringify(HELIUM)}\n`.repeat(50))
    await expect(readAll(whole.subarray(0, whole.length - 20))).rejects.toThrow(/unexpected end of file/)
    await expect(readAll(Buffer.from('plain'))).rejects.toThrow(/incorrect header check/)
    await expect(readTrace(folder, { name: 'none.gz', format: 'helium' }).next()).rejects.toThrow(/ENOENT/)
  })
})

const FOLDER = fileURLToPath(new URL('../../../../shared/data/wireless/', import.meta.url))
const absent = TRACE_FILES.filter(({ name }) => !existsSync(join(FOLDER, name)))
const reason =
  absent.length === 0 ? '' : `, left out: ${absent.map(({ name }) => name).join(', ')} not in ../shared`

describe.skipIf(absent.length > 0)(`behavior: recorded traces${reason}`, () => {
  test('every line is an uplink or a status message', async () => {
    const counts = { lines: 0, uplinks: 0, receptions: 0, statuses: 0 }
    const seen = { gateways: new Set<string>(), devices: new Set<string>(), untimed: 0, outsideHelium: 0 }
    for await (const uplink of readUplinks(FOLDER, TRACE_FILES, counts)) {
      seen.devices.add(uplink.deviceEui)
      // Helium's DevAddr block starts with 0x48 ('H'); this is why the recorded bytes are taken as reversed.
      if (uplink.devAddr !== undefined && !uplink.devAddr.startsWith('48')) seen.outsideHelium++
      for (const reception of uplink.receptions) {
        seen.gateways.add(reception.gatewayEui)
        if (reception.timeMs === undefined) seen.untimed++
      }
    }
    expect(counts).toEqual({ lines: 39_268, uplinks: 38_832, receptions: 118_620, statuses: 436 })
    expect(seen.untimed).toBe(39_557)
    expect(seen.outsideHelium).toBe(0)
    expect({ gateways: seen.gateways.size, devices: seen.devices.size }).toEqual({
      gateways: 380,
      devices: 5,
    })
  }, 60_000)
})
