import { followNetwork, localAccount, readBalanceOf, readTokenOf, readVaultOf } from '@cairn/chain'
import { type ProcessNetwork, runCairn } from '@cairn/testing'
import { parseEther } from 'viem'
import type { NetworkView } from './network-view.ts'

/** Tokens, in the smallest unit. */
export interface MoneyCheck {
  /** What roots that are final released to the vault. */
  readonly released: bigint
  readonly vault: bigint
  /** Paid for all devices, by the claims that the contract counts. */
  readonly claimed: bigint
  /** What devices have earned by the newest final root. */
  readonly earned: bigint
  /** What the devices' owner has more than at the beginning. */
  readonly received: bigint
}

/** The operator's account of the local chain, which owns the devices, and what it has at the beginning. */
const operatorPlace = 6
const allocation = parseEther('10000')

export async function readMoney(
  { home, network }: ProcessNetwork,
  { client, deployment }: NetworkView,
): Promise<MoneyCheck> {
  let released = 0n
  const again = followNetwork({
    client,
    deployment,
    network,
    onEvents: (events) => {
      for (const event of events) if (event.eventName === 'RootFinalised') released += event.args.released
    },
  })
  await again.sync()
  const reader = { client, deployment }
  const token = await readTokenOf(reader, { network })
  const vault = await readVaultOf(reader, { network })
  const operator = localAccount(operatorPlace).address
  const { value } = await runCairn<{ devices: { cumulative: string; claimed: string }[] }>({
    home,
    args: ['rewards', 'show'],
  })
  const sum = (amounts: readonly string[]) => amounts.reduce((total, amount) => total + BigInt(amount), 0n)
  return {
    released,
    vault: await readBalanceOf({ client }, { token, account: vault }),
    claimed: sum(value.devices.map(({ claimed }) => claimed)),
    earned: sum(value.devices.map(({ cumulative }) => cumulative)),
    received: (await readBalanceOf({ client }, { token, account: operator })) - allocation,
  }
}

/** Paragraphs, one for each sum that does not come out. */
export function moneyFaults({ released, vault, claimed, earned, received }: MoneyCheck): string[] {
  return [
    ...(claimed === 0n ? ['Nothing was claimed, so nothing was shown about payments.'] : []),
    ...(claimed === earned ? [] : [`Devices earned ${earned} and were paid ${claimed}.`]),
    ...(received === claimed ? [] : [`${claimed} was claimed and the owner received ${received}.`]),
    ...(vault === released - claimed
      ? []
      : [`${released} was released and ${claimed} claimed, and the vault holds ${vault}.`]),
  ]
}
