import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { createDeviceKey, openDevice } from '@cairn/agent'
import { localPrivateKey, openRail } from '@cairn/chain'
import { deviceSigner, freePort } from '@cairn/runtime'
import {
  type CairnProcess,
  type ContractChain,
  type ContractNetwork,
  startCairn,
  startContractChain,
} from '@cairn/testing'
import { getAddress } from 'viem'
import { writeNetworkFile } from '../../network-file.ts'
import { createRailNetwork, offerStorage, payer } from '../../storage/rail-network.fixture.ts'

/** Accounts from here on own a device each. */
const firstOwner = 20
const storagePrice = 2n ** 25n
const passphrase = 'meadow'

/** What options every command has. */
export const named = ['--network', 'meadow']

/** A device whose agent can be started, as often as wanted. */
export interface OperatorProcess {
  readonly device: number
  /** Of the account that owns it. */
  readonly account: number
  readonly home: string
  start(...more: string[]): Promise<CairnProcess>
  // biome-ignore lint/suspicious/noExplicitAny: a status is what the file says
  status(): Promise<any>
}

/** A network whose operators and gateways are processes of their own. */
export interface OperatorProcesses {
  readonly folder: string
  readonly local: ContractChain
  readonly net: ContractNetwork
  newHome(name: string): Promise<string>
  /** A device of its own owner that offers to store, in a home of its own. */
  addOperator(device: number): Promise<OperatorProcess>
  /** A rail from the payer to a device. */
  openRailTo(device: number, signer: `0x${string}`): Promise<void>
  startGateway(
    home: string,
    ...more: string[]
  ): Promise<{ readonly gateway: CairnProcess; readonly client: S3Client }>
  start(options: Parameters<typeof startCairn>[0]): Promise<CairnProcess>
  /** Kills what runs, and removes what was written. */
  end(): Promise<void>
}

/** A chain with a network that has rail terms, and nothing else yet. Device 0 has no agent: nobody opens a rail to it. */
export async function startOperatorNetwork(): Promise<OperatorProcesses> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-operators-'))
  const running: CairnProcess[] = []
  const local = await startContractChain()
  const net = await createRailNetwork(local, deviceSigner(new Uint8Array(32).fill(7)))
  const { network } = net
  const { deployment } = local
  const start: OperatorProcesses['start'] = async (options) => {
    const started = await startCairn(options)
    running.push(started)
    return started
  }
  const newHome = async (name: string) => {
    const home = join(folder, name)
    const rpcUrl = local.chain.url
    await writeNetworkFile(home, { name: 'meadow', rpcUrl, network, deployment, sources: [] })
    return home
  }
  return {
    ...{ folder, local, net, newHome, start },
    async addOperator(device) {
      const account = firstOwner + device
      await local.rpc('anvil_setBalance', local.account(account).address, '0xde0b6b3a7640000')
      const home = await newHome(`agent-${device}`)
      const key = { folder: join(home, 'devices', 'meadow'), name: 'disk', passphrase }
      await createDeviceKey(key)
      const { signer } = await openDevice({ ...key, index: device })
      const port = await freePort()
      const url = `http://127.0.0.1:${port}`
      await offerStorage(local, network, { device, account, signer, url, storagePrice })
      const env = { CAIRN_KEY: localPrivateKey(account), CAIRN_PASSPHRASE: passphrase }
      const args = [
        ...named,
        'agent',
        'run',
        '--sector',
        'storage',
        '--capacity',
        '1GiB',
        '--port',
        String(port),
      ]
      return {
        ...{ device, account, home },
        start: (...more) => start({ home, name: 'operator', env, args: [...args, ...more] }),
        status: async () =>
          JSON.parse(await readFile(join(home, 'operator', 'meadow', String(device), 'status.json'), 'utf8'))
            .status,
      }
    },
    async openRailTo(device, signer) {
      const opening = { network, device, signer: getAddress(signer), mostStoragePrice: storagePrice }
      await local.send(
        payer,
        openRail(deployment, { ...opening, mostEgressPrice: 2n ** 40n, credits: 20_000n }),
      )
    },
    async startGateway(home, ...more) {
      const args = [
        ...named,
        'storage',
        'gateway',
        '--operators',
        '--port',
        '0',
        '--bundle-every',
        '1s',
        ...more,
      ]
      const gateway = await start({ home, name: 'gateway', args })
      const { accessKeys } = JSON.parse(await readFile(String(gateway.ready.accessKeyFile), 'utf8'))
      const { accessKeyId, secretAccessKey } = accessKeys[0]
      const client = new S3Client({
        endpoint: String(gateway.ready.url),
        region: 'us-east-1',
        forcePathStyle: true,
        credentials: { accessKeyId, secretAccessKey },
        maxAttempts: 1,
      })
      return { gateway, client }
    },
    async end() {
      await Promise.all(running.map((each) => each.kill()))
      local.chain.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Bytes that nothing makes smaller. */
export function randomBody(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}

export const put = (client: S3Client, Key: string, Body: Uint8Array) =>
  client.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body }))

export async function get(client: S3Client, Key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'bucket', Key }))
  return Buffer.from(await Body!.transformToByteArray())
}
