import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { encodePacked, hashMessage, hexToBytes, keccak256, recoverAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { isLowS, lowS } from './crypto.ts'
import { fromHex, type Hex, toHex } from './hex.ts'
import {
  deviceId,
  keyHash,
  makerDigest,
  onboardDigestInput,
  parseNetworkId,
  rotateDigestInput,
  splitDeviceId,
} from './identity.ts'

interface DeviceVector {
  readonly network: string
  readonly index: string
  readonly deviceId: string
  readonly owner: Hex
  readonly class: string
  readonly x: Hex
  readonly y: Hex
  readonly keyHash: Hex
  readonly onboardDigest: Hex
  readonly onboardSignature: Hex
  readonly newX: Hex
  readonly newY: Hex
  readonly rotateDigest: Hex
  readonly rotateSignature: Hex
  readonly maker: Hex
  readonly makerDigest: Hex
  readonly makerSignature: Hex
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../specs/vectors/identity.json', import.meta.url), 'utf8'),
) as { devices: DeviceVector[]; signatures: { signature: Hex; isLowS: boolean; lowS: Hex }[] }

const sha256 = (data: Uint8Array) => toHex(createHash('sha256').update(data).digest())
const verifies = (x: Hex, y: Hex, message: Uint8Array, signature: Hex) => {
  const coordinate = (hex: Hex) => Buffer.from(hex.slice(2), 'hex').toString('base64url')
  const key = createPublicKey({
    key: { kty: 'EC', crv: 'P-256', x: coordinate(x), y: coordinate(y) },
    format: 'jwk',
  })
  return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, fromHex(signature))
}

describe('vectors', () => {
  test.for(vectors.devices)('default: device $index of $network', async (vector) => {
    const network = parseNetworkId(vector.network)
    const index = Number(vector.index)
    const deviceClass = Number(vector.class)
    const key = { x: fromHex(vector.x), y: fromHex(vector.y) }
    const onboard = onboardDigestInput(network, fromHex(vector.owner), deviceClass)
    const rotate = rotateDigestInput(deviceId(network, index), fromHex(vector.owner))
    expect(String(deviceId(network, index))).toBe(vector.deviceId)
    expect(toHex(keyHash(key))).toBe(vector.keyHash)
    expect(sha256(onboard)).toBe(vector.onboardDigest)
    expect(sha256(rotate)).toBe(vector.rotateDigest)
    expect(toHex(makerDigest(network, keyHash(key), deviceClass))).toBe(vector.makerDigest)
    // Node and viem agree that these are signatures of what the spec says is signed.
    expect(verifies(vector.x, vector.y, onboard, vector.onboardSignature)).toBe(true)
    expect(verifies(vector.newX, vector.newY, rotate, vector.rotateSignature)).toBe(true)
    const hash = hashMessage({ raw: vector.makerDigest })
    const recovered = await recoverAddress({ hash, signature: vector.makerSignature })
    expect(recovered.toLowerCase()).toBe(vector.maker)
  })

  test.for(vectors.signatures)(
    'default: signature $signature',
    ({ signature, isLowS: low, lowS: normal }) => {
      expect(isLowS(fromHex(signature))).toBe(low)
      expect(toHex(lowS(fromHex(signature)))).toBe(normal)
    },
  )
})

const networks = fc.uint8Array({ minLength: 28, maxLength: 28 }).map((bytes) => parseNetworkId(toHex(bytes)))
const indexes = fc.nat({ max: 0xffff_ffff })
const owners = fc.uint8Array({ minLength: 20, maxLength: 20 })

describe('derivations', () => {
  test('behavior: a device id splits into what it was made of', () => {
    fc.assert(
      fc.property(networks, indexes, (network, index) => {
        expect(splitDeviceId(deviceId(network, index))).toEqual({ network, index })
      }),
    )
  })

  test('behavior: the digests are over what abi.encodePacked gives', () => {
    fc.assert(
      fc.property(networks, indexes, owners, fc.nat(0xffff), (network, index, owner, deviceClass) => {
        const address = toHex(owner)
        const hash = new Uint8Array(32).fill(deviceClass)
        expect(onboardDigestInput(network, owner, deviceClass)).toEqual(
          hexToBytes(
            encodePacked(
              ['string', 'bytes28', 'address', 'uint16'],
              ['cairn/onboard/1', network, address, deviceClass],
            ),
          ),
        )
        expect(rotateDigestInput(deviceId(network, index), owner)).toEqual(
          hexToBytes(
            encodePacked(
              ['string', 'uint256', 'address'],
              ['cairn/rotate/1', deviceId(network, index), address],
            ),
          ),
        )
        expect(toHex(makerDigest(network, hash, deviceClass))).toBe(
          keccak256(
            encodePacked(
              ['string', 'bytes28', 'bytes32', 'uint16'],
              ['cairn/maker/1', network, toHex(hash), deviceClass],
            ),
          ),
        )
      }),
    )
  })
})

describe('parseNetworkId', () => {
  test('default: upper case becomes lower case', () => {
    expect(parseNetworkId(`0x${'AB'.repeat(28)}`)).toBe(`0x${'ab'.repeat(28)}`)
  })

  test.for([undefined, 7, '', `0x${'ab'.repeat(27)}`, `0x${'ab'.repeat(32)}`, `0x${'zz'.repeat(28)}`])(
    'error: %j is malformed_network',
    (value) => {
      expect(() => parseNetworkId(value)).toThrow(
        expect.objectContaining({ name: 'IdentityError', code: 'malformed_network' }),
      )
    },
  )
})

describe('errors', () => {
  const network = parseNetworkId(`0x${'01'.repeat(28)}`)
  const owner = new Uint8Array(20)

  test.for([-1, 0.5, 2 ** 32, Number.NaN])('error: index %d is malformed_device', (index) => {
    expect(() => deviceId(network, index)).toThrow(expect.objectContaining({ code: 'malformed_device' }))
  })

  test.for([-1n, 1n << 256n])('error: id %d is malformed_device', (id) => {
    expect(() => splitDeviceId(id)).toThrow(expect.objectContaining({ code: 'malformed_device' }))
  })

  test.for([
    ['class', () => onboardDigestInput(network, owner, 65_536)],
    ['class', () => makerDigest(network, new Uint8Array(32), -1)],
    ['owner', () => onboardDigestInput(network, new Uint8Array(32), 0)],
    ['owner', () => rotateDigestInput(0n, new Uint8Array(19))],
    ['keyHash', () => makerDigest(network, new Uint8Array(20), 0)],
    ['x', () => keyHash({ x: new Uint8Array(33), y: new Uint8Array(32) })],
    ['y', () => keyHash({ x: new Uint8Array(32), y: new Uint8Array(31) })],
  ] as const)('error: a %s of another size is malformed_identity', ([field, derive]) => {
    expect(derive).toThrow(expect.objectContaining({ code: 'malformed_identity', field }))
  })
})
