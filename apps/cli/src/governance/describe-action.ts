import {
  budgetsAbi,
  creditsAbi,
  type Deployment,
  devicesAbi,
  evidenceAbi,
  type Governance,
  networkGovernorAbi,
  networksAbi,
  networkTokenAbi,
  operatorBondsAbi,
  type ProposalAction,
  settlementAbi,
  stakeAbi,
  timelockControllerAbi,
} from '@cairn/chain'
import { fromHex, type Hex, type NetworkId, parseRuleset } from '@cairn/protocol'
import { type Abi, type Address, decodeFunctionData, isAddressEqual, toFunctionSelector } from 'viem'
import { foreignText } from '../output/foreign-text.ts'
import { plain } from '../output/output.ts'

/** A call of a proposal, decoded as far as it is known. */
export interface DescribedAction extends ProposalAction {
  /** Contract and function: `Networks.adoptRuleset`. */
  readonly name: string
  readonly args: readonly unknown[]
  /** What it would do, in words. */
  readonly words: string
  /** Of `adoptRuleset` for this network: canonical JSON. */
  readonly document?: Uint8Array
}

/** Where calls may go, and how to read them there. */
export interface KnownContracts {
  readonly deployment: Deployment
  readonly governance: Governance
  readonly token: Address
  /** The one that is spoken of. */
  readonly network: NetworkId
}

/** Says what a call does. One to a contract or function that is not known is shown as it is. */
export function describeAction(action: ProposalAction, known: KnownContracts): DescribedAction {
  const [contract, abi] = contractAt(action.to, known)
  try {
    const { functionName, args = [] } = decodeFunctionData({ abi, data: action.data }) as {
      functionName: string
      args?: readonly unknown[]
    }
    const name = `${contract}.${functionName}`
    const isElsewhere = /^(Networks|Credits|OperatorBonds)\./.test(name) && args[0] !== known.network
    const words = isElsewhere ? generic(name, args) : (wordsOf[name]?.(args) ?? generic(name, args))
    const described = {
      ...action,
      name,
      args,
      words: wordsFor(action, words),
    }
    if (name !== 'Networks.adoptRuleset' || isElsewhere) return described
    return { ...described, document: fromHex(args[1] as Hex) }
  } catch {
    const selector = action.data.slice(0, 10)
    const name = selectors.get(selector) ?? selector
    return {
      ...action,
      name: `${contract}.${name}`,
      args: [],
      words: wordsFor(action, `calls ${name} of ${contract}`),
    }
  }
}

type Words = (args: readonly unknown[]) => string

const wordsOf: Readonly<Record<string, Words>> = {
  'Networks.adoptRuleset': ([, document]) =>
    `adopts ${rulesetWords(fromHex(document as Hex))} from the epoch after its execution on`,
  'Networks.setMaker': ([, deviceClass, maker, approved]) =>
    `${approved === true ? 'approves' : 'no longer approves'} the maker ${maker} for class ${deviceClass}`,
  'Networks.requireMaker': ([, deviceClass, required]) =>
    `devices of class ${deviceClass} ${required === true ? 'need' : 'no longer need'} a maker’s signature`,
  'Networks.quarantine': ([, report]) =>
    `gives no work to the report ${report} from the epoch after its execution on`,
  'Networks.changeOwner': ([, owner]) =>
    `hands the network to ${owner}: this governor decides nothing about it any more`,
  'Credits.setTerms': ([, terms]) => `sells credits on these terms: ${JSON.stringify(terms, plain)}`,
  'OperatorBonds.setTerms': ([, terms]) =>
    `scores and slashes operators on these terms: ${JSON.stringify(terms, plain)}`,
  'OperatorBonds.setLeastBond': ([, deviceClass, amount]) =>
    `asks for a bond of ${amount} (smallest unit) for a device of class ${deviceClass}`,
  'timelock.updateDelay': ([seconds]) => `has the timelock wait ${seconds} s`,
  'governor.setVotingDelay': ([seconds]) => `begins votes ${seconds} s after their proposal`,
  'governor.setVotingPeriod': ([seconds]) => `has votes last ${seconds} s`,
  'governor.setProposalThreshold': ([amount]) => `asks a proposer for ${amount} votes (smallest unit)`,
  'governor.updateQuorumNumerator': ([bps]) => `makes the quorum ${bps} basis points of what is locked`,
  'governor.setLeastQuorum': ([amount]) => `makes the least quorum ${amount} (smallest unit)`,
}

/** Arguments can hold any text, so that words go to a terminal only like this. */
function wordsFor({ value }: ProposalAction, words: string): string {
  return foreignText(value === 0n ? words : `${words}, with ${value} wei`, { most: 2_000 })
}

function rulesetWords(document: Uint8Array): string {
  try {
    const { sector, version, programs, shifts = [] } = parseRuleset(document)
    const shares = programs.map(({ name, weightBps, returnBps }) => {
      const bound = returnBps === undefined ? '' : `, at most ${returnBps / 100} % of what is burned for it`
      return `${name} ${weightBps / 100} %${bound}`
    })
    const moves = shifts.map(
      ({ afterEpochs, weightsBps }) =>
        `; ${weightsBps.map((weight) => `${weight / 100} %`).join(' : ')} after ${afterEpochs} epochs`,
    )
    return `a ruleset of ${sector} ${version} (${shares.join(', ')}${moves.join('')})`
  } catch {
    return 'a document that is no ruleset, which verifiers would refuse,'
  }
}

function generic(name: string, args: readonly unknown[]): string {
  return `calls ${name}(${args.map((arg) => JSON.stringify(arg, plain)).join(', ')})`
}

function contractAt(to: Address, { deployment, governance, token }: KnownContracts): [string, Abi] {
  const { addresses } = deployment
  const contracts: readonly (readonly [string, Address, Abi])[] = [
    ['Networks', addresses.networks, networksAbi],
    ['Credits', addresses.credits, creditsAbi],
    ['Budgets', addresses.budgets, budgetsAbi],
    ['Stake', addresses.stake, stakeAbi],
    ['OperatorBonds', addresses.operatorBonds, operatorBondsAbi],
    ['Settlement', addresses.settlement, settlementAbi],
    ['Evidence', addresses.evidence, evidenceAbi],
    ['Devices', addresses.devices, devicesAbi],
    ['governor', governance.governor, networkGovernorAbi],
    ['timelock', governance.timelock, timelockAbi],
    ['token', token, networkTokenAbi],
  ]
  const found = contracts.find(([, address]) => isAddressEqual(address, to))
  return found === undefined ? [to, []] : [found[0], found[2]]
}

/** With the one function of it that only a proposal calls. */
const timelockAbi = [
  ...timelockControllerAbi,
  {
    type: 'function',
    name: 'updateDelay',
    inputs: [{ name: 'newDelay', type: 'uint256' }],
    outputs: [],
    stateMutability: 'nonpayable',
  },
] as const

/** Names of the functions that are known, by selector, for contracts that are not. */
const selectors: ReadonlyMap<string, string> = new Map(
  ([networksAbi, creditsAbi, networkGovernorAbi, networkTokenAbi] as readonly Abi[]).flatMap((abi) =>
    abi.flatMap((item) => (item.type === 'function' ? [[toFunctionSelector(item), item.name] as const] : [])),
  ),
)
