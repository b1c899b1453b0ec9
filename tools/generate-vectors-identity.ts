import {
  deviceId,
  fromHex,
  isLowS,
  keccak256,
  keyHash,
  lowS,
  makerDigest,
  type NetworkId,
  onboardDigestInput,
  parseNetworkId,
  rotateDigestInput,
  toHex,
} from '@cairn/protocol'
import type { GeneratedFile } from './generated-files.ts'
import { sha256, vectorFile, vectorKeys, vectorNetwork } from './vector-keys.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Spec 1: device ids, what is signed to onboard, rotate and vouch, and the two forms of a signature. */
export async function generate(): Promise<GeneratedFile[]> {
  const cases = [
    { network: vectorNetwork, index: 0, deviceClass: 0, owner: vectorKeys.ingest.address },
    { network: vectorNetwork, index: 1, deviceClass: 7, owner: vectorKeys.maker.address },
    {
      network: parseNetworkId(`0x${'ff'.repeat(28)}`),
      index: 0xffff_ffff,
      deviceClass: 0xffff,
      owner: vectorKeys.maker.address,
    },
  ] as const
  return [vectorFile('identity', { devices: cases.map(describeDevice), signatures: describeSignatures() })]
}

function describeDevice({ network, index, deviceClass, owner }: Case) {
  const { device, rotated, maker } = vectorKeys
  const id = deviceId(network, index)
  const onboardInput = onboardDigestInput(network, fromHex(owner), deviceClass)
  const rotateInput = rotateDigestInput(id, fromHex(owner))
  const vouched = makerDigest(network, keyHash(device.key), deviceClass)
  const eip191 = keccak256(Uint8Array.from([...ascii('\x19Ethereum Signed Message:\n32'), ...vouched]))
  return {
    network,
    index: String(index),
    deviceId: String(id),
    owner,
    class: String(deviceClass),
    x: toHex(device.key.x),
    y: toHex(device.key.y),
    keyHash: toHex(keyHash(device.key)),
    onboardInput: toHex(onboardInput),
    onboardDigest: toHex(sha256(onboardInput)),
    onboardSignature: toHex(device.sign(onboardInput)),
    newX: toHex(rotated.key.x),
    newY: toHex(rotated.key.y),
    newKeyHash: toHex(keyHash(rotated.key)),
    rotateInput: toHex(rotateInput),
    rotateDigest: toHex(sha256(rotateInput)),
    rotateSignature: toHex(rotated.sign(rotateInput)),
    maker: maker.address,
    makerDigest: toHex(vouched),
    makerSignedDigest: toHex(eip191),
    makerSignature: toHex(maker.signDigest(eip191)),
  }
}

interface Case {
  readonly network: NetworkId
  readonly index: number
  readonly deviceClass: number
  readonly owner: `0x${string}`
}

/** One signature in its two forms, and the two values of s around n/2. */
function describeSignatures() {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const message = ascii('cairn vector message')
  const low = vectorKeys.device.sign(message)
  const withS = (s: bigint) => fromHex(`${toHex(low.slice(0, 32))}${s.toString(16).padStart(64, '0')}`)
  const high = withS(order - BigInt(toHex(low.slice(32))))
  return [low, high, withS(order >> 1n), withS((order >> 1n) + 1n)].map((signature) => ({
    digest: toHex(sha256(message)),
    x: toHex(vectorKeys.device.key.x),
    y: toHex(vectorKeys.device.key.y),
    signature: toHex(signature),
    isLowS: isLowS(signature),
    lowS: toHex(lowS(signature)),
    verifies: toHex(lowS(signature)) === toHex(low),
  }))
}
