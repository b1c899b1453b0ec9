import { rm } from 'node:fs/promises'
import type { Hex } from '@cairn/protocol'
import type { Clock, Logger, ObjectStore } from '@cairn/runtime'
import type { ChainPort } from '../chain-port.ts'
import type { EpochBook } from '../epoch-book.ts'
import { epochAt, epochEndMs, lateEndMs, sealEndMs } from '../epoch-times.ts'
import type { IngestFault } from '../fault.ts'
import type { IngestLimits } from '../limits.ts'
import { listEpochs, logPath, type Manifest, manifestPath, readManifest, writeManifest } from './manifest.ts'
import { sealLog } from './seal-log.ts'

/** Takes epochs from their end to the end of their retention: sealed, committed, published, forgotten. */
export interface Sealer {
  /** Reads the manifests of earlier runs. */
  recover(): Promise<void>
  /** Does what is due now. Failures are logged and tried again the next time. */
  step(): Promise<void>
  /** The manifest of a published commitment. */
  commitment(root: string): Manifest | undefined
  /** The content of a segment of a published commitment. */
  segment(id: string): Promise<Uint8Array | undefined>
  /** Whether a commitment or segment is there but not to be shown yet; tells nothing about content. */
  readonly sealed: readonly Manifest[]
}

/** What a {@link Sealer} needs. */
export interface SealerOptions {
  readonly chain: ChainPort
  readonly book: EpochBook
  readonly clock: Clock
  readonly log: Logger
  readonly limits: Pick<IngestLimits, 'marginMs' | 'retentionEpochs'>
  /** Where logs and manifests are. */
  readonly folder: string
  readonly segments: ObjectStore
  readonly fault?: IngestFault | undefined
}

/** A sealed epoch on its way. */
interface SealedEpoch {
  readonly manifest: Manifest
  isPublished: boolean
  isCommitted: boolean
  isLost: boolean
}

export function createSealer(options: SealerOptions): Sealer {
  const { chain, book, clock, log, limits, folder, segments, fault } = options
  const { timeline } = chain
  const epochs = new Map<number, SealedEpoch>()
  const published = new Map<Hex, Manifest>()
  const publishedSegments = new Set<string>()
  const busy = new Set<number>()

  const seal = async (epoch: number) => {
    const open = await book.log(epoch)
    open.isClosed = true
    book.seal(epoch)
    await open.writer.whenDurable(open.index.count)
    const dropped = fault === 'drop-acked' && open.index.count > 0 ? 1 : 0
    const manifest = await sealLog({
      path: logPath(folder, epoch),
      epoch,
      count: open.index.count - dropped,
      segments,
    })
    if (manifest === undefined) {
      if (clock.now() >= sealEndMs(timeline, epoch)) await forgetLog(epoch)
      return
    }
    await writeManifest(folder, manifest)
    epochs.set(epoch, { manifest, isPublished: false, isCommitted: false, isLost: false })
    log.info({ epoch, count: manifest.count, root: manifest.root }, 'sealed')
  }

  const forgetLog = async (epoch: number) => {
    await book.known(epoch)?.writer.close()
    book.forget(epoch)
    await rm(logPath(folder, epoch), { force: true })
  }

  /** Again and again until long after the window: a chain that lost its last blocks lost the commitment with them. After the window it is late, which costs a part of the bond and saves the reports. */
  const commit = async (sealed: SealedEpoch) => {
    const { manifest } = sealed
    const standing = await chain.committed(manifest.epoch)
    if (standing === undefined) {
      if (sealed.isCommitted) log.warn({ epoch: manifest.epoch }, 'the commitment is gone: committing again')
      sealed.isCommitted = false
      const { segments: _, ...commitment } = manifest
      await chain.commit(commitment)
      log.info({ epoch: manifest.epoch, root: manifest.root }, 'committed')
    } else if (standing.root !== manifest.root) {
      log.error(
        { epoch: manifest.epoch, standing: standing.root, sealed: manifest.root },
        'another root stands',
      )
    }
    sealed.isCommitted = true
  }

  /** After the window whatever the chain says: evidence that can not be had is the ingest's fault. */
  const publish = async (sealed: SealedEpoch) => {
    const { manifest } = sealed
    sealed.isPublished = true
    published.set(manifest.root, manifest)
    for (const id of manifest.segments) publishedSegments.add(id)
    await forgetLog(manifest.epoch)
  }

  const giveUp = async (sealed: SealedEpoch) => {
    const { epoch } = sealed.manifest
    // After a restart only the chain knows what was committed.
    sealed.isCommitted = (await chain.committed(epoch)) !== undefined
    sealed.isLost = !sealed.isCommitted
    if (sealed.isLost) log.error({ epoch }, 'nothing can be committed for this epoch any more')
  }

  const expire = async ({ manifest }: SealedEpoch) => {
    published.delete(manifest.root)
    for (const id of manifest.segments) {
      publishedSegments.delete(id)
      await segments.delete(id)
    }
    await rm(manifestPath(folder, manifest.epoch), { force: true })
    epochs.delete(manifest.epoch)
  }

  const isDue = ({ manifest: { epoch }, isCommitted }: SealedEpoch, nowMs: number) =>
    nowMs < (isCommitted ? sealEndMs(timeline, epoch) + timeline.sealMs : lateEndMs(timeline, epoch))

  const advance = async (epoch: number) => {
    const nowMs = clock.now()
    if (!epochs.has(epoch)) await seal(epoch)
    const sealed = epochs.get(epoch)
    if (sealed === undefined) return
    if (!sealed.isPublished && nowMs >= sealEndMs(timeline, epoch)) await publish(sealed)
    const isOld = epoch < epochAt(timeline, nowMs) - limits.retentionEpochs
    // A network that stood still for longer than that has yet to settle what it stopped with.
    if (isOld && (await chain.isSettled?.(epoch)) !== false) await expire(sealed)
    else if (isDue(sealed, nowMs)) await commit(sealed)
    else if (!sealed.isCommitted && !sealed.isLost) await giveUp(sealed)
  }

  return {
    async recover() {
      for (const { epoch, isSealed } of await listEpochs(folder)) {
        if (!isSealed) {
          await book.log(epoch)
          continue
        }
        const manifest = await readManifest(folder, epoch)
        if (manifest === undefined) continue
        book.seal(epoch)
        epochs.set(epoch, { manifest, isPublished: false, isCommitted: false, isLost: false })
        if (clock.now() < sealEndMs(timeline, epoch)) (await book.log(epoch)).isClosed = true
      }
    },
    async step() {
      const due = [...new Set([...epochs.keys(), ...[...book.logs].map(({ epoch }) => epoch)])]
        .filter((epoch) => clock.now() >= epochEndMs(timeline, epoch) + limits.marginMs)
        .filter((epoch) => !busy.has(epoch))
        .sort((a, b) => a - b)
      await Promise.all(
        due.map(async (epoch) => {
          busy.add(epoch)
          try {
            await advance(epoch)
          } catch (error) {
            log.warn({ err: error, epoch }, 'could not go on with a sealed epoch; trying again')
          } finally {
            busy.delete(epoch)
          }
        }),
      )
    },
    commitment: (root) => published.get(root as Hex),
    async segment(id) {
      return publishedSegments.has(id) ? segments.get(id) : undefined
    },
    get sealed() {
      return [...epochs.values()].map(({ manifest }) => manifest)
    },
  }
}
