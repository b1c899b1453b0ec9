import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort, isPortOpen } from '@cairn/runtime'
import { NotMeasuredError } from '../row.ts'
import type { S3Server } from '../workloads/s3-server.ts'

const run = promisify(execFile)
const host = '127.0.0.1'
const kinds = ['account', 'container', 'object'] as const
type Kind = (typeof kinds)[number]

/** Debian's packages of it; they bring their own `/etc/swift/swift.conf`. */
const debianPackages = ['swift-proxy', 'swift-account', 'swift-container', 'swift-object', 'memcached']

/** How the peer is named where its figures are printed. */
export const swiftCommand =
  'swift-{proxy,account,container,object}-server CONF, two workers each, s3api and tempauth, one replica, memcached'

interface Ports extends Record<Kind, number> {
  readonly proxy: number
  readonly memcached: number
}

/**
 * OpenStack Swift with its S3 front, all of it on this machine: one copy in the clear, signatures checked, fsync before a PUT is answered.
 *
 * @throws NotMeasuredError where it is not installed, or does not start
 */
export async function startSwift(folder: string): Promise<S3Server> {
  for (const program of ['swift-proxy-server', 'swift-object-server', 'memcached'])
    await run('which', [program]).catch(() => {
      throw notHere(`${program} is not on the PATH.`)
    })
  const ports: Ports = {
    account: await freePort(),
    container: await freePort(),
    object: await freePort(),
    proxy: await freePort(),
    memcached: await freePort(),
  }
  await mkdir(join(folder, 'devices/disk'), { recursive: true })
  for (const kind of kinds) {
    await buildRing(folder, kind, ports[kind])
    await writeFile(join(folder, `${kind}.conf`), storageConfiguration(folder, kind, ports[kind]))
  }
  await writeFile(join(folder, 'proxy.conf'), proxyConfiguration(folder, ports))
  const children = [
    start('memcached', ['-u', userName(), '-l', host, '-p', String(ports.memcached)]),
    ...[...kinds, 'proxy'].map((kind) => start(`swift-${kind}-server`, [join(folder, `${kind}.conf`)])),
  ]
  const stop = async () => void (await Promise.all(children.map(end)))
  for (const port of Object.values(ports))
    for (let tries = 0; !(await isPortOpen(port)); tries++) {
      if (tries < 150) {
        await delay(100)
        continue
      }
      await stop()
      throw notHere(`Nothing of Swift listened on port ${port} within 15 seconds.`)
    }
  return {
    origin: `http://${host}:${ports.proxy}`,
    accessKeyId: 'bench:bench',
    secretAccessKey: 'bench',
    stop,
  }
}

/** One partition power above the least, one replica, one disk. */
async function buildRing(folder: string, kind: Kind, port: number): Promise<void> {
  const builder = (...args: string[]) =>
    run('swift-ring-builder', [`${kind}.builder`, ...args], { cwd: folder })
  const place = ['--region', '1', '--zone', '1', '--device', 'disk', '--weight', '1']
  await builder('create', '4', '1', '1')
  await builder('add', ...place, '--ip', host, '--port', String(port))
  await builder('rebalance')
}

const shared = (folder: string, port: number) => `[DEFAULT]
bind_ip = ${host}
bind_port = ${port}
user = ${userName()}
swift_dir = ${folder}
devices = ${join(folder, 'devices')}
mount_check = false
workers = 2
`

const storageConfiguration = (folder: string, kind: Kind, port: number) => `${shared(folder, port)}
[pipeline:main]
pipeline = ${kind}-server
[app:${kind}-server]
use = egg:swift#${kind}
`

const proxyConfiguration = (folder: string, { proxy, memcached }: Ports) => `${shared(folder, proxy)}
[pipeline:main]
pipeline = catch_errors cache s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:cache]
use = egg:swift#memcache
memcache_servers = ${host}:${memcached}
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_bench_bench = bench .admin
${['catch_errors', 'copy', 'slo', 'dlo'].map((name) => `[filter:${name}]\nuse = egg:swift#${name}`).join('\n')}
`

const userName = () => process.env.USER ?? 'root'

/** In a process group of its own: servers of Swift start their workers as children. */
const start = (program: string, args: readonly string[]): ChildProcess =>
  spawn(program, args, { stdio: 'ignore', detached: true })

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  process.kill(-child.pid, 'SIGKILL')
  await ended
}

function notHere(message: string): NotMeasuredError {
  return new NotMeasuredError(message, `Install it: apt-get install ${debianPackages.join(' ')}`)
}
