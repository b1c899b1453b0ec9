import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { LocalNetwork } from './follow.ts'
import type { RecomputedRoot } from './read-verdicts.ts'

const run = promisify(execFile)
const binary = fileURLToPath(new URL('../../../node_modules/.bin/cast', import.meta.url))

/** Reads a contract with Foundry's `cast call`: a reader that shares no line of code with Cairn. */
async function castCall(
  rpcUrl: string,
  contract: string,
  signature: string,
  ...args: string[]
): Promise<unknown> {
  const { stdout } = await run(binary, ['call', '--json', contract, signature, ...args, '--rpc-url', rpcUrl])
  const [value] = JSON.parse(stdout) as unknown[]
  return value
}

/** `RootRecord` of the settlement contract. */
const RECORD =
  '(uint8,bytes28,bytes32,uint32,uint32,uint32,uint32,uint32,uint64,bool,uint32,uint64,uint128,uint128,uint128[4],uint128[4],bytes32,address,uint64)'
const STATES = ['none', 'attesting', 'challengeable', 'final', 'removed']

/** The newest accepted root of a network, by its contract. */
async function castHead(rpcUrl: string, settlement: string, network: string): Promise<string> {
  return (await castCall(rpcUrl, settlement, 'head(bytes28)(bytes32)', network)) as string
}

/** What the contract holds of a root. */
async function castRecord(rpcUrl: string, settlement: string, rootId: string) {
  const fields = (await castCall(rpcUrl, settlement, `recordOf(bytes32)(${RECORD})`, rootId)) as (
    | number
    | string
  )[]
  const sums = fields[15] as unknown as (number | string)[]
  return {
    state: STATES[Number(fields[0])]!,
    first: Number(fields[3]),
    last: Number(fields[4]),
    payoutSum: BigInt(fields[12]!),
    work: sums.reduce((sum, amount) => sum + BigInt(amount), 0n),
  }
}

/** Balance of an account in a token, in its smallest unit. */
export async function castBalance(rpcUrl: string, token: string, account: string): Promise<bigint> {
  const balance = await castCall(rpcUrl, token, 'balanceOf(address)(uint256)', account)
  return BigInt(balance as number | string)
}

/** A recomputed root beside what the contract holds under its id. */
export interface RootRow extends RecomputedRoot {
  readonly onChain: Awaited<ReturnType<typeof castRecord>>
}

/** The roots as the settlement contract has them, and the newest accepted one. */
export async function readRootsByCast(
  { rpcUrl, deployment, network }: LocalNetwork,
  roots: readonly RecomputedRoot[],
): Promise<{ rows: RootRow[]; newest: string }> {
  const { settlement } = deployment.addresses
  const rows: RootRow[] = []
  for (const root of roots)
    rows.push({ ...root, onChain: await castRecord(rpcUrl, settlement, root.recomputedId) })
  return { rows, newest: await castHead(rpcUrl, settlement, network) }
}
