import { addBundle, bundleTypedData, epochStart, followNetwork, openRail, readDataSet } from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import { deviceSigner, generateDevicePrivateKey } from '@cairn/runtime'
import { type ContractChain, type ContractNetwork, startContractChain } from '@cairn/testing'
import { zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGatewayChain } from './gateway-chain.ts'
import { createRailNetwork, owner, payer, proving } from './rail-network.fixture.ts'

const secret = new Uint8Array(32).fill(9)
const account = privateKeyToAccount(`0x${'09'.repeat(32)}`)

let local: ContractChain
let net: ContractNetwork

beforeAll(async () => {
  local = await startContractChain()
  net = await createRailNetwork(local, deviceSigner(generateDevicePrivateKey()))
}, 120_000)
afterAll(() => local.chain.kill())

test('default: a gateway has pieces removed: scheduled in one period, gone in the next, and paid for until then', async () => {
  const { deployment } = local
  const { network } = net
  await local.rpc('anvil_setBalance', account.address, '0xde0b6b3a7640000')
  const prices = { mostStoragePrice: 2n ** 60n, mostEgressPrice: 2n ** 60n }
  const opening = { network, device: 0, signer: account.address, ...prices, credits: 100_000n }
  await local.send(payer, openRail(deployment, opening))
  for (const [piece, digit] of ['1', '2'].entries()) {
    const bundle = { rail: 0n, piece, root: `0x${digit.repeat(64)}`, leaves: 64n } as const
    const signature = await account.signTypedData(bundleTypedData(deployment, bundle))
    await local.send(owner, addBundle(deployment, { bundle, signature }))
  }
  await local.goTo(epochStart(net.timeline, 0))
  const followed = followNetwork({ ...local, network })
  const chain = createGatewayChain({ ...local, file: { network }, followed }, secret)
  const kept = () => readDataSet(local, { set: 0n })

  const histories = async () =>
    (
      await chain.readHistories([{ device: 0, owner: local.account(owner).address.toLowerCase() as Hex }])
    ).byDevice.get(0)
  const [history] = (await histories())!
  // Who pays for the set is who opened the rail, not the device's owner.
  expect(history).toMatchObject({ set: 0n, payer: local.account(payer).address.toLowerCase() })
  expect(history!.leaves.map(({ change }) => change)).toEqual([64n, 64n])

  await chain.removeDuePieces(0n)
  await chain.schedulePieceRemovals(0n, [0])
  await chain.removeDuePieces(0n)
  expect(await kept()).toMatchObject({ leaves: 128n, pendingRemovals: 1 })
  await local.goTo(epochStart(net.timeline, proving.periodEpochs))
  await chain.removeDuePieces(0n)
  expect(await kept()).toMatchObject({ leaves: 64n, pendingRemovals: 0 })
  expect(await chain.readPiece(0n, 0)).toBeUndefined()
  expect(await chain.readPiece(0n, 1)).toMatchObject({ leaves: 64 })
  expect((await histories())![0]!.leaves.map(({ change }) => change)).toEqual([64n, 64n, -64n])
  const { byDevice } = await chain.readHistories([{ device: 5, owner: zeroAddress }])
  expect(byDevice.get(5)).toEqual([])
}, 60_000)
