import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '@cairn/runtime'
import { createHashThread } from './checksum/hash-thread.ts'
import type { ContentStore } from './content/content-store.ts'
import { createHandler } from './handle-request.ts'
import { answerBroken } from './http/answer-broken.ts'
import { closeServer } from './http/close-server.ts'
import { startIpfsGateway } from './ipfs/ipfs-gateway.ts'
import type { AccessKeys } from './key-files.ts'
import { type OpenStorageOptions, openStorage } from './open-storage.ts'
import { createSigningKeys } from './signature/signing-keys.ts'

/** What a gateway serves, and where. */
export interface S3GatewayOptions {
  readonly dataFolder: string
  /** 32 bytes. */
  readonly rootKey: Uint8Array
  /** Where contents are; undefined keeps them in the folder. */
  readonly content?: ContentStore | undefined
  /** Where changes of the catalogue go besides. */
  readonly openJournal?: OpenStorageOptions['openJournal']
  readonly accessKeys: AccessKeys
  readonly host: string
  /** 0 takes any. */
  readonly port: number
  readonly domains: readonly string[]
  /** Where public data are served by CID; undefined serves none. */
  readonly ipfs?: { readonly host: string; readonly port: number } | undefined
  readonly now: () => number
  readonly onError: (error: unknown, requestId?: string) => void
}

/** A gateway that listens. */
export interface S3Gateway {
  readonly url: string
  /** Of the trustless gateway; undefined when there is none. */
  readonly ipfsUrl: string | undefined
  /** Waits for requests under way, at most ten seconds. */
  stop(): Promise<void>
}

const timeouts = { headersMs: 60_000, idleMs: 120_000, stopMs: 10_000 }
const mostHeaderBytes = 32 * 1024

/** Serves S3 over a folder of this machine. */
export async function startS3Gateway(options: S3GatewayOptions): Promise<S3Gateway> {
  const { dataFolder, rootKey, accessKeys, host, port, domains, ipfs, now, onError } = options
  const { storage, close: closeStorage } = await openStorage({
    folder: dataFolder,
    rootKey,
    content: options.content,
    openJournal: options.openJournal,
    random: randomBytes,
    now,
    onError,
  })
  const hashThread = createHashThread()
  const close = async () => {
    await hashThread.close()
    await closeStorage()
  }
  const handle = createHandler({
    storage,
    hashThread,
    signingKeyOf: createSigningKeys((id) => accessKeys.get(id)),
    domains,
    newRequestId: () => randomBytes(8).toString('hex').toUpperCase(),
    onError,
  })
  // No limit on a whole request: five gigabytes take their time. What stands still is ended by the idle limit.
  const server = createServer({
    maxHeaderSize: mostHeaderBytes,
    headersTimeout: timeouts.headersMs,
    requestTimeout: 0,
  })
  const serve = (isAwaited: boolean) => (request: IncomingMessage, response: ServerResponse) =>
    void handle(request, response, isAwaited).catch((error) => {
      onError(error)
      response.destroy()
    })
  server.on('request', serve(false))
  server.on('checkContinue', serve(true))
  server.on('clientError', answerBroken)
  server.setTimeout(timeouts.idleMs)
  const given = await listen(server, { host, port }).catch(async (error) => {
    await close()
    throw error
  })
  const ipfsGateway =
    ipfs === undefined
      ? undefined
      : await startIpfsGateway({ ...ipfs, blocks: storage.publications, onError }).catch(async (error) => {
          await closeServer(server, 0)
          await close()
          throw error
        })
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${given}`,
    ipfsUrl: ipfsGateway?.url,
    async stop() {
      await Promise.all([closeServer(server, timeouts.stopMs), ipfsGateway?.stop()])
      await close()
    },
  }
}
