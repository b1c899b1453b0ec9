import { join } from 'node:path'
import { type FolderLock, lockFolder } from '@cairn/runtime'
import type { Journal } from '../journal/open-journal.ts'
import { type Catalogue, openCatalogue } from './catalogue/catalogue.ts'
import { checkRootKey } from './content/check-root-key.ts'
import { createContentReader } from './content/content-reader.ts'
import type { ContentStore } from './content/content-store.ts'
import { openDiskContentStore } from './content/disk-content-store.ts'
import type { Storage } from './exchange.ts'
import { openBlockIndex } from './ipfs/block-index.ts'
import { createPublications } from './ipfs/publications.ts'

/** What storage on this machine needs. */
export interface OpenStorageOptions {
  readonly folder: string
  /** 32 bytes. */
  readonly rootKey: Uint8Array
  /** Where contents are; undefined keeps them in the folder. */
  readonly content?: ContentStore | undefined
  /** Where changes of the catalogue go besides; with `content`. */
  readonly openJournal?: ((catalogue: Catalogue) => Promise<Pick<Journal, 'flush' | 'close'>>) | undefined
  /** Unpredictable bytes. */
  readonly random: (count: number) => Uint8Array
  readonly now: () => number
  /** Told when contents that nothing needs could not be deleted; they are tried again. */
  readonly onError: (error: unknown) => void
}

/** Storage, and its end. */
export interface OpenStorage {
  readonly storage: Storage
  close(): Promise<void>
}

/**
 * Opens a folder for this process alone, and deletes contents that a crash left without a version.
 *
 * @throws FolderInUseError when another process has it
 */
export async function openStorage(options: OpenStorageOptions): Promise<OpenStorage> {
  const { folder, rootKey, random } = options
  const lock = await lockFolder(folder)
  try {
    await checkRootKey(folder, rootKey, random)
    return await openLocked(options, lock)
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function openLocked(
  { folder, rootKey, random, now, onError, content: given, openJournal }: OpenStorageOptions,
  lock: FolderLock,
): Promise<OpenStorage> {
  const catalogue = await openCatalogue(join(folder, 'catalogue'), random)
  const journal = await openJournal?.(catalogue)
  const flush = async () => void (await Promise.all([catalogue.flush(), journal?.flush()]))
  const { smallContents } = catalogue
  const content =
    given ?? (await openDiskContentStore({ folder: join(folder, 'content'), rootKey, random, smallContents }))
  for await (const id of content.list()) if (!catalogue.isContentKnown(id)) await content.delete(id)
  catalogue.forget(catalogue.discarded())
  const reader = createContentReader(content)
  const index = await openBlockIndex(join(folder, 'public'))
  const publications = createPublications({ catalogue, reader, index, now, onError })
  // Not waited for: after a loss of the index it takes as long as reading all that is public.
  const reconciling = publications.reconcile().catch(onError)
  let sweeping: Promise<void> | undefined
  let isSweepDue = false
  /** The catalogue first: after a loss of power it must not come back with a version whose content is gone. */
  const sweep = async () => {
    while (isSweepDue) {
      isSweepDue = false
      const discarded = catalogue.discarded()
      if (discarded.length === 0) return
      await flush()
      catalogue.forget(await reader.discard(discarded))
    }
  }
  return {
    storage: {
      catalogue,
      content,
      reader,
      publications,
      now,
      async settle() {
        await flush()
        // What was discarded while a sweep is under way waits for its next round.
        isSweepDue = true
        sweeping ??= sweep()
          .catch(onError)
          .finally(() => {
            sweeping = undefined
          })
      },
    },
    async close() {
      await publications.close()
      await reconciling
      await sweeping
      await journal?.close()
      await catalogue.close()
      await lock.release()
    },
  }
}
