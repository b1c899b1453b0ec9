import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  bodyRoot,
  encodeHeader,
  evidenceTree,
  type NetworkId,
  parseNetworkId,
  type Ruleset,
  recordHash,
  rulesetHash,
  SIGNATURE_BYTES,
  serializeReport,
  serializeRuleset,
  toHex,
  type VerifyP256,
} from '@cairn/protocol'
import { createVerifyP256, type DeviceSigner, deviceSigner, sha256 } from '@cairn/runtime'
import { encodeReading, template } from '@cairn/sector-template'
import { GENESIS, type Means, type SettleInput, type Snapshot } from '@cairn/settlement'
import { runProcess } from '../threads/run-process.ts'

/** Of a report when an epoch closes. */
export const OBSERVATIONS_PER_REPORT = 10

export const EPOCH_MS = 60_000

/** Devices share keys: what a signature costs to check does not depend on whose it is, and 64 can be made at once. */
const KEYS = 64

/** Devices whose readings are of one cell, and agree. */
const DEVICES_PER_CELL = 16

export const network: NetworkId = parseNetworkId(`0x${'be'.repeat(28)}`)

export const benchSigners = (): DeviceSigner[] =>
  Array.from({ length: KEYS }, (_, i) => deviceSigner(createHash('sha256').update(`device ${i}`).digest()))

/** Node's cryptography and the template sector. */
export const benchMeans = (verifyP256: VerifyP256 = createVerifyP256()): Means => ({
  sectors: new Map([[template.id, template]]),
  sha256,
  verifyP256,
})

/** Headers and observations of one report each of devices from … to, in device order. */
export function* reportsOf(
  from: number,
  to: number,
  observationsEach: number = OBSERVATIONS_PER_REPORT,
): Generator<{ headerBytes: Uint8Array; observations: readonly Uint8Array[] }> {
  let cell = -1
  let observations: Uint8Array[] = []
  let root = new Uint8Array(32)
  for (let device = from; device < to; device++) {
    if (cell !== Math.floor(device / DEVICES_PER_CELL)) {
      cell = Math.floor(device / DEVICES_PER_CELL)
      observations = readingsOf(cell, observationsEach)
      root = new Uint8Array(bodyRoot(observations))
    }
    const headerBytes = encodeHeader({
      network,
      device,
      epoch: 0,
      sequence: 0,
      timeMs: EPOCH_MS,
      count: observations.length,
      bodyRoot: root,
    })
    yield { headerBytes, observations }
  }
}

function readingsOf(cell: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) =>
    encodeReading({
      cell: cell % 65_536,
      takenMs: Math.floor((EPOCH_MS / count) * i),
      value: 20_000 + ((7 * cell + 13 * i) % 500),
    }),
  )
}

/**
 * One epoch of a network whose devices each sent one report of ten readings.
 *
 * @param signatures of devices 0 … `devices`, 64 bytes each; left out, they are zeros, for settling without checking them
 */
export function epochOf(
  devices: number,
  signatures: Uint8Array = new Uint8Array(SIGNATURE_BYTES * devices),
): SettleInput {
  const records = new Uint8Array(32 * devices)
  const reports: Uint8Array[] = []
  for (const { headerBytes, observations } of reportsOf(0, devices)) {
    const i = reports.length
    const signature = signatures.subarray(SIGNATURE_BYTES * i, SIGNATURE_BYTES * (i + 1))
    records.set(recordHash(headerBytes, signature, sha256), 32 * i)
    reports.push(serializeReport({ headerBytes, signature, observations }))
  }
  const ruleset: Ruleset = {
    sector: template.id,
    version: template.version,
    programs: template.defaultPrograms.map(({ name, weightBps }) => ({ name, weightBps })),
    params: JSON.parse(JSON.stringify(template.defaultParams)),
    carryEpochs: 8,
  }
  const snapshot = snapshotOf(devices)
  const slot = { slot: 0, epoch: 0, root: toHex(evidenceTree(records).root), reports }
  return {
    network,
    parent: GENESIS,
    last: 0,
    epochs: [
      { epoch: 0, startMs: 0, endMs: EPOCH_MS, beacon: new Uint8Array(32), snapshot, ruleset, slots: [slot] },
    ],
    lastSnapshot: snapshot,
    lastRuleset: ruleset,
    lastRulesetHash: rulesetHash(serializeRuleset(ruleset)),
    budgets: [10n ** 24n, 0n, 0n, 0n],
    evidenceEnd: 1,
    evidenceSet: 1n,
  }
}

export function snapshotOf(deviceCount: number): Snapshot {
  const keys = benchSigners().map(({ key }) => key)
  return {
    epoch: 0,
    deviceCount,
    device: (index) =>
      index < deviceCount ? { key: keys[index % KEYS]!, deviceClass: 0, revoked: false } : undefined,
    quarantined: new Set(),
  }
}

/** Signatures of the reports of devices 0 … `devices`, made by two processes beforehand and kept in benchmarks/.cache: a million take minutes. */
export async function signaturesOf(
  devices: number,
  observationsEach: number = OBSERVATIONS_PER_REPORT,
): Promise<Uint8Array> {
  const folder = new URL('../../.cache/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const half = Math.floor(devices / 2)
  const files = [
    [0, half],
    [half, devices],
  ].map(async ([from, to]) => {
    const path = fileURLToPath(new URL(`signatures-${observationsEach}-${from}-${to}.bin`, folder))
    if (!existsSync(path)) {
      const module = new URL('../threads/sign-reports.ts', import.meta.url)
      await runProcess(module, `${from}`, `${to}`, `${observationsEach}`, `${path}.part`)
      renameSync(`${path}.part`, path)
    }
    return readFileSync(path)
  })
  return new Uint8Array(Buffer.concat(await Promise.all(files)))
}
