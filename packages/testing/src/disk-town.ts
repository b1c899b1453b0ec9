import { localPrivateKey } from '@cairn/chain'
import { freePort } from '@cairn/runtime'
import { type CairnProcess, runCairn, startCairn } from './cairn-process.ts'

/** Who owns a disk each, by the place among the local chain's accounts. */
const owners = [6, 8, 9, 5, 4, 3] as const
const countries = ['CH', 'DE', 'FR', 'IT', 'AT', 'LI']
const customer = 7
/** Epochs of six seconds: a period of 24, the last twelve for the proof. */
const epochSeconds = 6
const proving = ['--period', '4', '--window', '2', '--challenges', '5']
const prices = ['--storage-price', '5', '--egress-price', '1']

/** A disk that is offered, and the agent that keeps and proves what is on it. */
export interface TownDisk {
  readonly device: number
  readonly agent: CairnProcess
}

/** A chain with a network on it, disks of different owners, and a customer who has a rail to each; every part is a process of its own. */
export interface DiskTown {
  readonly home: string
  readonly rpcUrl: string
  readonly disks: readonly TownDisk[]
  /** Who signs for the customer: the gateway's address. */
  readonly signer: `0x${string}`
  /** Runs a command to its end, as the customer. @throws Error with what it printed when it fails */
  readonly cairn: <T>(...args: readonly string[]) => Promise<T>
  /** Starts a command of the customer that goes on. */
  readonly start: (name: string, args: readonly string[]) => Promise<CairnProcess>
  /** Kills what runs. */
  close(): Promise<void>
}

/** What is set up: up to six disks, each of so much room. */
export interface DiskTownOptions {
  readonly disks: number
  /** Like `1GiB`. */
  readonly capacity: string
  readonly say?: (text: string) => void
}

/** Does with the command line what people would: owners offer disks, a customer rents room on all of them. */
export async function openDiskTown(
  home: string,
  { disks: count, capacity, say = () => undefined }: DiskTownOptions,
): Promise<DiskTown> {
  const running: CairnProcess[] = []
  const startAs = async (account: number, name: string, args: readonly string[]) => {
    const started = await startCairn({ home, name, args, env: { CAIRN_KEY: localPrivateKey(account) } })
    running.push(started)
    return started
  }
  const runAs = async <T>(account: number, ...args: readonly string[]): Promise<T> => {
    const env = { CAIRN_KEY: localPrivateKey(account) }
    const { exitCode, value, stderr } = await runCairn<T>({ home, args, env })
    if (exitCode !== 0) throw new Error(`cairn ${args.join(' ')} ended with ${exitCode}: ${stderr}`)
    return value
  }
  const close = async () => {
    for (const each of running.toReversed()) await each.kill()
  }
  const room = ['--capacity', capacity]
  const offer = async (owner: number, i: number): Promise<TownDisk> => {
    const { device } = await runAs<{ device: number }>(owner, 'device', 'onboard', `disk-${i}`)
    const port = String(await freePort())
    const at = ['--url', `http://127.0.0.1:${port}`, '--country', countries[i]!]
    await runAs(owner, 'storage', 'offer', 'set', String(device), ...at, ...prices, ...proving, ...room)
    const keep = ['--device', String(device), '--port', port, ...room]
    const agent = await startAs(owner, `disk-${i}`, ['agent', 'run', '--sector', 'storage', ...keep])
    return { device, agent }
  }
  try {
    const chainArgs = ['chain', 'run', '--free-ports', '--gateways', '0', '--epoch', String(epochSeconds)]
    const chain = await startAs(0, 'chain', chainArgs)
    const disks = await Promise.all(owners.slice(0, count).map(offer))
    say(`${disks.length} disks of as many owners are offered, for ${prices[1]} dollars a TiB and period`)
    const cairn = <T>(...args: readonly string[]) => runAs<T>(customer, ...args)
    const { signer } = await cairn<{ signer: `0x${string}` }>('storage', 'signer')
    await cairn('credits', 'buy', '20')
    for (const { device } of disks)
      await cairn('storage', 'rail', 'open', String(device), '2', '--signer', signer, '--size', '1GiB')
    await cairn('voucher', 'signer', signer)
    say('the customer has a rail of 2 dollars to each, and its gateway may sign for what it reads')
    const start = (name: string, args: readonly string[]) => startAs(customer, name, args)
    return { home, rpcUrl: String(chain.ready.rpcUrl), disks, signer, cairn, start, close }
  } catch (error) {
    await close()
    throw error
  }
}
