import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { s3rverCommand, s3rverPackage, startS3rver } from '../peers/s3rver.ts'
import { startSwift, swiftCommand } from '../peers/swift.ts'
import { openWrk, type Wrk, wrkCommand } from '../peers/wrk.ts'
import type { Budget, Row } from '../row.ts'
import { alternate, ratioOf } from '../statistics.ts'
import { putObjects, type S3Objects } from '../workloads/s3-objects.ts'
import type { S3Server } from '../workloads/s3-server.ts'
import {
  codedGatewayCommand,
  gatewayCommand,
  startCodedGateway,
  startStorageGateway,
} from '../workloads/storage-gateway.ts'

const KIB = 1024
const MIB = 1024 * KIB
const METHODS = ['PUT', 'GET'] as const
const CONNECTIONS = [1, 16]

interface Size {
  readonly size: string
  readonly bytes: number
  /** Objects that the requests take turns with. */
  readonly count: number
  readonly rounds: number
  readonly seconds: number
  /** An object that is too large for wrk, whose time is printed and not part of the ratio. */
  readonly extraBytes?: number
}

const load = (seconds: number) =>
  METHODS.map((method) => wrkCommand(method, '1|16', seconds, method === 'PUT' ? ' BODY' : '')).join('; ')

interface Side {
  /** What the names of its rows end with. */
  readonly suffix: string
  readonly what: string
  readonly command: string
  readonly start: (folder: string) => Promise<S3Server>
}

interface Peer {
  /** What the names of its rows end with. */
  readonly suffix: string
  readonly name: string
  readonly what: string
  readonly command: string
  readonly start: (folder: string) => Promise<S3Server>
}

const s3rver: Peer = {
  suffix: '',
  name: `${s3rverPackage}, a single-copy S3 server`,
  what: 'one copy in the clear, version 4 signatures not checked, no fdatasync',
  command: s3rverCommand,
  start: startS3rver,
}

const swift: Peer = {
  suffix: '-swift',
  name: "OpenStack Swift (Debian's), one replica, s3api",
  what: 'one copy in the clear, signatures checked, fsync before every answer to a PUT; its servers have two processes each',
  command: swiftCommand,
  start: startSwift,
}

const large: Size = { size: '4 MiB', bytes: 4 * MIB, count: 16, rounds: 3, seconds: 4, extraBytes: 256 * MIB }
const small: Size = { size: '16 KiB', bytes: 16 * KIB, count: 256, rounds: 5, seconds: 2 }

const onDisk: Side = {
  suffix: '',
  what: "the gateway with its content on this machine's disk, no operators, no erasure code; encrypted, signatures checked, fdatasync of content and catalogue before every answer to a PUT",
  command: gatewayCommand,
  start: startStorageGateway,
}

const coded: Side = {
  suffix: '-coded',
  what: 'the gateway over six agents of six owners, all on this machine and its disk, coded 4/6; encrypted, signatures and orders checked, every row held against its commitment, receipted and fdatasynced by its agent, and the journal entry of a PUT with the agents, too, before it is answered',
  command: codedGatewayCommand,
  start: startCodedGateway,
}

/** How the gateway's objects compare with servers that keep one copy in the clear (DESIGN §9). */
export const s3Objects: readonly Row[] = (
  [
    [onDisk, s3rver],
    [onDisk, swift],
    [coded, s3rver],
  ] as const
).flatMap(([side, peer]) => [
  row(`s3-large-objects${side.suffix}${peer.suffix}`, { atLeast: 1 }, large, side, peer),
  row(`s3-small-objects${side.suffix}${peer.suffix}`, { atLeast: 0.7 }, small, side, peer),
])

function row(name: string, budget: Budget, size: Size, side: Side, peer: Peer): Row {
  const { count, rounds, seconds, extraBytes } = size
  const extra =
    extraBytes === undefined
      ? ''
      : `. Printed beside it and not counted: one object of ${extraBytes / MIB} MiB, once, sent and read by fetch of Node, since wrk holds whole bodies in its script's memory`
  return {
    name,
    unit: "times the peer's requests/s, the least of PUT and GET at 1 and 16 connections",
    against: `${peer.name}, ${size.size} PUT and GET`,
    budget,
    workload: `${count} objects of ${size.size}, random bytes, presigned URLs, body not signed; wrk, one thread, 1 and 16 connections, ${seconds} s a sample, ${rounds} rounds in turns; wall clock, servers and wrk on one machine and disk; "sync" before every sample. Ours: ${side.what}. Peer: ${peer.what}${extra}`,
    commands: {
      ours: `npm run bench -- ${name}, which runs: ${side.command}; ${load(seconds)}`,
      peer: `${peer.command}; ${load(seconds)}`,
    },
    async measure() {
      const cache = fileURLToPath(new URL('../../.cache/', import.meta.url))
      await mkdir(cache, { recursive: true })
      const folder = await mkdtemp(join(cache, 's3-'))
      const closing = [() => rm(folder, { recursive: true, force: true })]
      try {
        const wrk = await openWrk()
        closing.unshift(wrk.close)
        const sides = []
        for (const [name, start] of [
          ['ours', side.start],
          ['peer', peer.start],
        ] as const) {
          const own = join(folder, name)
          await mkdir(own)
          const server = await start(own)
          closing.unshift(server.stop)
          sides.push(await putObjects(server, { folder: own, count, bytes: size.bytes }))
        }
        return await compare(wrk, size, sides[0]!, sides[1]!)
      } finally {
        for (const close of closing) await close()
      }
    },
  }
}

async function compare(wrk: Wrk, size: Size, ours: S3Objects, peer: S3Objects) {
  const { rounds, seconds, extraBytes } = size
  const samples: Record<string, readonly number[]> = {}
  const ratios: [string, number][] = []
  for (const method of METHODS)
    for (const connections of CONNECTIONS) {
      const rate = (side: S3Objects) => () => side.rate(wrk, method, connections, seconds)
      const found = await alternate(rounds, rate(ours), rate(peer))
      const of = `${method} ${size.size} at ${connections}`
      samples[`${of}, ours, requests/s`] = found.ours
      samples[`${of}, peer, requests/s`] = found.peer
      ratios.push([of, ratioOf(found)])
    }
  if (extraBytes !== undefined) {
    const body = new Uint8Array(randomBytes(extraBytes))
    for (const method of METHODS) {
      const speed = async (side: S3Objects) => extraBytes / 1e6 / (await side.secondsOf(method, body))
      samples[`${method} ${extraBytes / MIB} MiB, once, ours, MB/s`] = [await speed(ours)]
      samples[`${method} ${extraBytes / MIB} MiB, once, peer, MB/s`] = [await speed(peer)]
    }
  }
  const ratio = Math.min(...ratios.map(([, value]) => value))
  const note = ratios.map(([of, value]) => `${of}: ${value.toPrecision(3)} ×`).join(', ')
  return { value: ratio, ratio, samples, note }
}
