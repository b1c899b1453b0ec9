import {
  adoptRuleset,
  type Call,
  changeOwner,
  type Deployment,
  encodeCall,
  networkGovernorAbi,
  networksAbi,
  setMaker,
  singletons,
} from '@cairn/chain'
import { parseNetworkId, serializeRuleset } from '@cairn/protocol'
import { type Address, encodeFunctionData, parseAbi, toHex } from 'viem'
import { expect, test } from 'vitest'
import { describeAction } from './describe-action.ts'

const at = (place: number) => `0x${place.toString(16).padStart(40, '0')}` as Address
const deployment = {
  chainId: 1,
  block: 1,
  addresses: Object.fromEntries(singletons.map((name, i) => [name, at(i + 1)])),
} as unknown as Deployment
const governance = { governor: at(101), timelock: at(102), votingToken: at(103) }
const network = parseNetworkId(`0x${'5a'.repeat(28)}`)
const words = ({ to, data }: Pick<Call, 'to' | 'data'>, value = 0n) =>
  describeAction({ to, data, value }, { deployment, governance, token: at(104), network }).words

test('default: what calls would do, in words', () => {
  expect(words(setMaker(deployment, { network, deviceClass: 3, maker: at(9), approved: false }))).toBe(
    `no longer approves the maker ${at(9)} for class 3`,
  )
  expect(words(changeOwner(deployment, { network, owner: at(9) }))).toContain(
    'decides nothing about it any more',
  )
  const document = serializeRuleset({
    sector: 'wireless',
    version: 1,
    programs: [
      { name: 'coverage', weightBps: 9_000 },
      { name: 'usage', weightBps: 1_000, returnBps: 8_000 },
    ],
    params: {},
    carryEpochs: 8,
    shifts: [{ afterEpochs: 1_000, weightsBps: [0, 10_000] }],
  })
  expect(words(adoptRuleset(deployment, { network, document }))).toBe(
    'adopts a ruleset of wireless 1 (coverage 90 %, usage 10 %, at most 80 % of what is burned for it; 0 % : 100 % after 1000 epochs) from the epoch after its execution on',
  )
  const call = encodeCall({
    contract: 'NetworkGovernor',
    to: governance.governor,
    abi: networkGovernorAbi,
    functionName: 'setLeastQuorum',
    args: [7n],
  })
  expect(words(call, 5n)).toBe('makes the least quorum 7 (smallest unit), with 5 wei')
})

test('behavior: words are of the contract that is called, and no text in arguments reaches a terminal whole', () => {
  const elsewhere = { ...changeOwner(deployment, { network, owner: at(9) }), to: at(77) }
  expect(words(elsewhere)).toBe(`calls changeOwner of ${at(77)}`)
  const other = parseNetworkId(`0x${'5b'.repeat(28)}`)
  expect(words(changeOwner(deployment, { network: other, owner: at(9) }))).toBe(
    `calls Networks.changeOwner("${other}", "${at(9)}")`,
  )
  const abi = parseAbi(['function announce(bytes28 network, uint8 role, string url)'])
  const data = encodeFunctionData({ abi, functionName: 'announce', args: [network, 0, 'a\u202eb'] })
  expect(words({ to: deployment.addresses.stake, data })).toContain('"a�b"')
  expect(words({ to: deployment.addresses.networks, data: toHex(1) })).toContain('calls 0x1 of Networks')
  const broken = encodeCall({
    contract: 'Networks',
    to: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'adoptRuleset',
    args: [network, '0x7b', { weights: [], returnBps: [0, 0, 0, 0] }],
  })
  expect(words(broken)).toContain('no ruleset, which verifiers would refuse')
})
