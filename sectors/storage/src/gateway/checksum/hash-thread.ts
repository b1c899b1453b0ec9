import { Worker } from 'node:worker_threads'

/** What the thread is told: bytes of a body, and whether they are its last; nothing of a body that is given up. */
export interface HashTask {
  readonly body: number
  /** By OpenSSL's names. */
  readonly algorithms: readonly string[]
  readonly block: Uint8Array<ArrayBuffer> | undefined
  readonly length: number
  readonly isLast: boolean
}

/** What it answers: the block, to be filled again, and the digests when it was the last. */
export interface HashAnswer {
  readonly body: number
  readonly block: Uint8Array<ArrayBuffer>
  readonly digests: readonly Uint8Array[] | undefined
}

/** The hash of one body, bytes by bytes. */
export interface ThreadedHash {
  /** Takes a copy. A promise says to wait: the thread has not caught up. */
  update(bytes: Uint8Array): Promise<void> | undefined
  /** Once, after the last bytes: a digest by each algorithm. */
  digest(): Promise<readonly Uint8Array[]>
  /** Nobody wants it any more; nothing where it came to its end. */
  drop(): void
}

/** Hashes long bodies beside everything else: MD5, which S3 names objects by, takes longer than all else that is done with them. */
export interface HashThread {
  begin(algorithms: readonly string[]): ThreadedHash
  close(): Promise<void>
}

const blockBytes = 131_072
/** Of one body, on their way to the thread or back. */
const mostBlocks = 4
/** Kept for the next body. */
const mostSpare = 64

/** Starts the thread when it is first needed; one that died fails its bodies, and the next starts another. */
export function createHashThread(): HashThread {
  let worker: Worker | undefined
  let bodies = 0
  const open = new Map<number, OpenHash>()
  const spare: Uint8Array<ArrayBuffer>[] = []

  const start = () => {
    const started = new Worker(new URL('./hash-worker.ts', import.meta.url))
    started.unref()
    started.on('message', ({ body, block, digests }: HashAnswer) => {
      if (spare.length < mostSpare) spare.push(block)
      open.get(body)?.answered(digests)
    })
    started.on('error', (error) => {
      if (worker === started) worker = undefined
      for (const hash of open.values()) hash.failed(error)
      open.clear()
    })
    return started
  }
  return {
    begin(algorithms) {
      worker ??= start()
      const thread = worker
      const body = bodies++
      const hash = openHash(
        () => spare.pop() ?? new Uint8Array(blockBytes),
        (block, length, isLast) =>
          thread.postMessage({ body, algorithms, block, length, isLast } satisfies HashTask, [block.buffer]),
      )
      open.set(body, hash)
      const end = () => open.delete(body)
      return {
        update: hash.update,
        digest: () => hash.digest().finally(end),
        drop() {
          if (!end()) return
          const nothing: HashTask = { body, algorithms, block: undefined, length: 0, isLast: true }
          thread.postMessage(nothing)
        },
      }
    },
    async close() {
      await worker?.terminate()
    },
  }
}

interface OpenHash extends Omit<ThreadedHash, 'drop'> {
  answered(digests: readonly Uint8Array[] | undefined): void
  failed(error: unknown): void
}

function openHash(
  take: () => Uint8Array<ArrayBuffer>,
  send: (block: Uint8Array<ArrayBuffer>, length: number, isLast: boolean) => void,
): OpenHash {
  const result = Promise.withResolvers<readonly Uint8Array[]>()
  // Who waits for a block hears of a failure, too.
  result.promise.catch(() => undefined)
  let block = take()
  let filled = 0
  let away = 0
  let room: PromiseWithResolvers<void> | undefined
  const pass = (isLast: boolean) => {
    away += 1
    send(block, filled, isLast)
    filled = 0
  }
  return {
    update(bytes) {
      for (let at = 0; at < bytes.length; ) {
        if (filled === blockBytes) {
          pass(false)
          block = take()
        }
        const part = bytes.subarray(at, at + blockBytes - filled)
        block.set(part, filled)
        filled += part.length
        at += part.length
      }
      if (away < mostBlocks) return undefined
      room ??= Promise.withResolvers()
      return Promise.race([room.promise, result.promise.then(() => undefined)])
    },
    digest() {
      pass(true)
      return result.promise
    },
    answered(digests) {
      away -= 1
      room?.resolve()
      room = undefined
      if (digests !== undefined) result.resolve(digests)
    },
    failed: result.reject,
  }
}
