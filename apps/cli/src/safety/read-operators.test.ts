import { followNetwork, setBondTerms, setLeastBond } from '@cairn/chain'
import { standardSectors } from '@cairn/sector-standard'
import { type ContractChain, createContractNetwork, startContractChain } from '@cairn/testing'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenNetwork } from '../open-network.ts'
import { readOperators } from './read-operators.ts'

let local: ContractChain
beforeAll(async () => {
  local = await startContractChain()
}, 60_000)
afterAll(() => local.chain.kill())

test('default: a device’s bond against what it earns until its first fault is executed', async () => {
  const { client, deployment, send } = local
  const [sector] = standardSectors.values()
  const { network, timeline } = await createContractNetwork(local, {
    sector: sector!,
    devices: 4,
    verifiers: [],
    salt: 1,
  })
  const followed = followNetwork({ client, deployment, network })
  await followed.sync()
  const open = { client, deployment, followed, file: { network } } as unknown as OpenNetwork
  const about = { epoch: 1, timeline, programs: parseEther('9'), detectionBps: 5_000 }
  expect(await readOperators(open, about)).toBeUndefined()

  const ladder = { scores: [2, 3, 4, 5], bps: [500, 1_000, 5_000, 10_000] } as const
  await send(
    0,
    setBondTerms(deployment, { network, terms: { faultProgram: 3, forgiveEpochs: 1, ...ladder } }),
  )
  await send(0, setLeastBond(deployment, { network, deviceClass: 0, amount: parseEther('7') }))
  // Sealing to challenging take 300 seconds, three epochs; with the one it began in there are four: 5, 10, then 50 % of what is left.
  expect(await readOperators(open, about)).toEqual({
    bond: parseEther('7'),
    slashBps: 5_725,
    gainPerEpoch: parseEther('2.25'),
    epochsUntilDetected: 4,
    detectionBps: 5_000,
  })
})
