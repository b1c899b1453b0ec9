import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { localAccount } from '@cairn/chain'
import { systemClock } from '@cairn/runtime'
import { type CairnProcess, type DiskTown, openDiskTown } from '@cairn/testing'
import { createWalletClient, http, parseEther } from 'viem'

/** What the story came to; credits are a millionth of a dollar. */
export interface Story {
  readonly objects: number
  readonly bytes: number
  /** Under proof before and after an object was deleted, bytes of all disks. */
  readonly proven: { readonly before: number; readonly after: number }
  /** Objects that came back bit for bit with two of four disks gone. */
  readonly served: number
  readonly rails: readonly {
    readonly device: number
    readonly bytes: number
    readonly due: number
    readonly paid: number
  }[]
}

interface RailOf {
  readonly rail: number
  readonly device: number
  readonly bytes: number
  readonly due: number
  readonly paid: number
}

const Bucket = 'attic'
const sizes = [0, 300, 40_000, 1_000_000, 6_000_000]
const doomed = 8_000_000

/** Objects over four disks, any two of which give them back; proven, paid for, two disks gone, one object deleted. */
export async function runStory(home: string, say: (text: string) => void): Promise<Story> {
  const town = await openDiskTown(home, { disks: 4, capacity: '1GiB', say })
  try {
    return await tell(town, say)
  } finally {
    await town.close()
  }
}

async function tell(town: DiskTown, say: (text: string) => void): Promise<Story> {
  await giveGas(town)
  const gateway = await town.start('gateway', [
    ...['storage', 'gateway', '--operators', '--code', '2/4', '--port', '0'],
    ...['--bundle-every', '1s'],
  ])
  const client = await clientOf(gateway)
  await client.send(new CreateBucketCommand({ Bucket }))
  const objects = sizes.map((size) => ({ Key: `of-${size}`, Body: randomBytes(size) }))
  for (const object of objects) await client.send(new PutObjectCommand({ Bucket, ...object }))
  await client.send(new PutObjectCommand({ Bucket, Key: 'doomed', Body: randomBytes(doomed) }))
  say(`${objects.length + 1} objects are put; rows are with the disks, and go on chain in bundles`)

  const rails = async () => town.cairn<readonly RailOf[]>('storage', 'rail', 'list')
  const bytesOf = (all: readonly RailOf[]) => all.reduce((sum, { bytes }) => sum + bytes, 0)
  const before = await until(rails, (all) => all.every(({ due }) => due > 0))
  say(`every disk has proven a period: ${bytesOf(before)} bytes are under proof`)

  await client.send(new DeleteObjectCommand({ Bucket, Key: 'doomed' }))
  const after = await until(rails, (all) => bytesOf(all) < bytesOf(before) - doomed)
  say(`one object is deleted: its bundles are replaced and removed, ${bytesOf(after)} bytes are left`)

  for (const { rail } of after) await town.cairn('storage', 'rail', 'settle', String(rail))
  const paid = await rails()
  say('anybody settles what was proven: the owners of the disks are paid')

  for (const { agent } of town.disks.slice(0, 2)) await agent.kill()
  let served = 0
  for (const { Key, Body } of objects) {
    const reply = await client.send(new GetObjectCommand({ Bucket, Key }))
    if (Buffer.from(await reply.Body!.transformToByteArray()).equals(Body)) served += 1
  }
  say(`two disks are gone: ${served} of ${objects.length} objects come back bit for bit`)
  client.destroy()
  await gateway.stop()
  return {
    objects: objects.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    proven: { before: bytesOf(before), after: bytesOf(after) },
    served,
    rails: paid.map(({ device, bytes, due, paid: had }) => ({ device, bytes, due, paid: had })),
  }
}

/** The gateway's address sends the removal of what was deleted. */
async function giveGas({ rpcUrl, signer }: DiskTown): Promise<void> {
  const wallet = createWalletClient({ account: localAccount(0), transport: http(rpcUrl) })
  await wallet.sendTransaction({ to: signer, value: parseEther('0.1'), chain: null })
}

async function clientOf(gateway: CairnProcess): Promise<S3Client> {
  const { accessKeys } = JSON.parse(await readFile(String(gateway.ready.accessKeyFile), 'utf8'))
  const { accessKeyId, secretAccessKey } = accessKeys[0]
  return new S3Client({
    endpoint: String(gateway.ready.url),
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
}

const mostWaitMs = 180_000

async function until<T>(look: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  const clock = systemClock()
  const end = clock.now() + mostWaitMs
  for (;;) {
    const value = await look()
    if (isSo(value)) return value
    if (clock.now() > end)
      throw new Error(`what was waited for did not come in ${mostWaitMs / 1_000} s: ${JSON.stringify(value)}`)
    await clock.sleep(3_000)
  }
}
