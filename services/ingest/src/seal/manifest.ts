import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BaseError, type Hex } from '@cairn/protocol'
import { isMissing, readLastGood, writeAtomic } from '@cairn/runtime'
import { z } from 'zod'
import type { Commitment } from '../chain-port.ts'

/** A sealed epoch: its commitment, and the segments that hold its reports. */
export interface Manifest extends Commitment {
  /** Segment ids in order. */
  readonly segments: readonly Hex[]
}

/** Thrown for a manifest on disk that does not parse. Code: `malformed_manifest`. */
export class ManifestError extends BaseError {
  override readonly name = 'ManifestError'
}

const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((text) => text as Hex)
const manifest = z.strictObject({
  epoch: z.int().min(0),
  root: hash,
  count: z.int().min(1),
  sizeBytes: z.int().min(1),
  segments: z.array(hash).min(1),
})

/** Where the files of an epoch are: `<folder>/<epoch>.log` and, once it is sealed, `<folder>/<epoch>.json`. */
export const logPath = (folder: string, epoch: number): string => join(folder, `${epoch}.log`)
export const manifestPath = (folder: string, epoch: number): string => join(folder, `${epoch}.json`)

export async function writeManifest(folder: string, sealed: Manifest): Promise<void> {
  await writeAtomic(manifestPath(folder, sealed.epoch), `${JSON.stringify(sealed)}\n`)
}

/** @throws ManifestError (`malformed_manifest`) for a file that was changed */
export async function readManifest(folder: string, epoch: number): Promise<Manifest | undefined> {
  const path = manifestPath(folder, epoch)
  const found = await readLastGood(path, (bytes) => {
    const result = manifest.safeParse(toJson(bytes))
    if (result.success && result.data.epoch === epoch) return result.data
    throw new ManifestError({
      code: 'malformed_manifest',
      message: `${path} is not the manifest of epoch ${epoch}.`,
      fix: 'Delete it when the log of the epoch lies beside it: it is sealed again, to the same root. Otherwise restore it.',
      field: 'manifest',
    })
  })
  return found?.value
}

/** The epochs that have a log or a manifest in the folder, ascending. */
export async function listEpochs(folder: string): Promise<{ epoch: number; isSealed: boolean }[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  const epochs = new Map<number, boolean>()
  for (const name of names) {
    const match = /^(\d{1,10})\.(log|json)$/.exec(name)
    if (match === null) continue
    const epoch = Number(match[1])
    epochs.set(epoch, match[2] === 'json' || (epochs.get(epoch) ?? false))
  }
  return [...epochs].sort(([a], [b]) => a - b).map(([epoch, isSealed]) => ({ epoch, isSealed }))
}

function toJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
