import { lookup } from 'node:dns/promises'
import type { Hex } from '@cairn/protocol'
import { createVerifyP256, sha256 } from '@cairn/runtime'
import { createOperatorClient, type OperatorClient } from '../operator-client/create-operator-client.ts'
import { createOrderSource } from '../operator-client/create-order-source.ts'
import { clientRows } from '../slab/client-rows.ts'
import type { OperatorDirectory, RowOperator, StorageOperator } from '../slab/storage-operator.ts'
import type { CustomerRail, GatewayChain } from './gateway-chain.ts'
import { networkPrefix } from './network-prefix.ts'

/** A rail, and the way to the device it pays. */
export interface ReachedRail {
  readonly rail: CustomerRail
  readonly client: OperatorClient
}

/** The operators of a customer's rails that are running, or were ended and are read through their notice. */
export interface FollowedDirectory extends OperatorDirectory {
  /** Reads the rails and asks every operator how much room it has. @throws what the chain did wrong; what was known stays */
  refresh(): Promise<void>
  /** Those that are running. */
  rails(): readonly ReachedRail[]
  /** Whose rail to a device it is, in lower case. */
  payerOf(device: number): Hex | undefined
  /** For how long a device has not answered, or its rail is known to be lost; for ever where no other rail goes to it, though it may answer still. */
  silentMs(device: number): number
  /** Whether another makes the rows of a device again, whose rail was lost. */
  isUnderRepair(device: number): boolean
  close(): void
}

/** What a directory needs from outside. */
export interface DirectoryOptions {
  readonly chain: Pick<GatewayChain, 'context' | 'customer' | 'sign' | 'readRails'>
  readonly nowMs: () => number
  readonly random: (count: number) => Uint8Array
  /** The rows of an operator as they are used: paid for. */
  readonly paidRows: (reached: ReachedRail, rows: RowOperator) => RowOperator
  /** What a device's reputation leaves it of placements, in millionths: all where nothing says. */
  readonly sharePpm?: (device: number) => number
  /** Whose slabs are listed, where it is not who signs the orders. */
  readonly slabsOf?: Hex
}

const orders = { maxBytes: 2 ** 36, seconds: 3_600 }
const askMs = 5_000

interface Entry extends ReachedRail {
  readonly operator: StorageOperator
  /** When it answered last, or was first asked. */
  readonly heardMs: number
}

/** Knows nobody before the first refresh. */
export function createOperatorDirectory({
  chain,
  nowMs,
  random,
  paidRows,
  sharePpm = () => 1_000_000,
  slabsOf,
}: DirectoryOptions): FollowedDirectory {
  const verifyP256 = createVerifyP256()
  let entries: ReadonlyMap<number, Entry> = new Map()
  let underRepair: ReadonlySet<number> = new Set()
  /** Since when a device's rail is known to be lost. */
  let lostSince: ReadonlyMap<number, number> = new Map()

  const clientOf = (rail: CustomerRail, url: string): OperatorClient => {
    const { device, deviceKey: key } = rail
    const { context, customer, sign } = chain
    const nowSeconds = () => Math.floor(nowMs() / 1_000)
    const source = createOrderSource({ context, customer, device, sign, ...orders, nowSeconds, random })
    const { network } = context
    return createOperatorClient({ url, network, device, key, verifyP256, sha256, orders: source })
  }
  const enter = async (rail: CustomerRail, before: Entry | undefined): Promise<Entry> => {
    const { device, owner, storagePrice: pricePerTib } = rail
    const { url, country } = rail.offer!
    const client = before !== undefined && isSameWay(before.rail, rail) ? before.client : clientOf(rail, url)
    const rows = paidRows({ rail, client }, clientRows(client, slabsOf))
    const [answered, network] = await Promise.all([freeBytesOf(client, chain, device), networkOf(url)])
    const freeBytes = rail.state === 'running' ? (answered ?? 0) : 0
    const heardMs = answered === undefined ? (before?.heardMs ?? nowMs()) : nowMs()
    return {
      rail,
      client,
      heardMs,
      operator: {
        ...{ device, owner, network, country, freeBytes, pricePerTib, rows },
        get sharePpm() {
          return sharePpm(device)
        },
      },
    }
  }

  return {
    all: () => [...entries.values()].map(({ operator }) => operator),
    find: (device) => entries.get(device)?.operator,
    rails: () => [...entries.values()].filter(({ rail }) => rail.state === 'running'),
    payerOf: (device) => entries.get(device)?.rail.payer,
    silentMs(device) {
      const entry = entries.get(device)
      if (entry?.rail.state === 'running') return nowMs() - entry.heardMs
      return nowMs() - (lostSince.get(device) ?? Number.NEGATIVE_INFINITY)
    },
    isUnderRepair: (device) => underRepair.has(device),
    async refresh() {
      const rails = await chain.readRails()
      const reachable = rails.filter(({ offer }) => offer !== undefined)
      // The newest rail to a device counts, and a running one before one that was ended, which is read through its notice.
      const byDevice = new Map(
        (['ended', 'running'] as const).flatMap((state) =>
          reachable.filter((rail) => rail.state === state).map((rail) => [rail.device, rail] as const),
        ),
      )
      underRepair = new Set(
        rails.flatMap(({ state, succeeds }) =>
          state === 'repairing' && succeeds !== undefined ? [succeeds.device] : [],
        ),
      )
      const lost = rails.filter(({ state }) => state === 'lost')
      lostSince = new Map(lost.map(({ device }) => [device, lostSince.get(device) ?? nowMs()]))
      const before = entries
      const entered = await Promise.all(
        [...byDevice.values()].map((rail) => enter(rail, before.get(rail.device))),
      )
      entries = new Map(entered.map((entry) => [entry.rail.device, entry]))
      for (const [device, { client }] of before) if (entries.get(device)?.client !== client) client.close()
    },
    close() {
      for (const { client } of entries.values()) client.close()
    },
  }
}

const isSameWay = (a: CustomerRail, b: CustomerRail): boolean =>
  a.offer?.url === b.offer?.url &&
  Buffer.compare(a.deviceKey.x, b.deviceKey.x) === 0 &&
  Buffer.compare(a.deviceKey.y, b.deviceKey.y) === 0

/** Undefined where nobody answers as that device: it gets no new rows, and is still asked for those it has. */
async function freeBytesOf(
  client: OperatorClient,
  { context }: Pick<GatewayChain, 'context'>,
  device: number,
): Promise<number | undefined> {
  try {
    const info = await client.fetchInfo({ signal: AbortSignal.timeout(askMs) })
    return info.network === context.network && info.device === device ? info.freeBytes : undefined
  } catch {
    return undefined
  }
}

async function networkOf(url: string): Promise<string> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  try {
    return networkPrefix((await lookup(host)).address)
  } catch {
    return host
  }
}
