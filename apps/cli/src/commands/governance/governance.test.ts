import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  adoptRuleset,
  availabilityEnd,
  changeOwner,
  createGovernor,
  encodeCall,
  epochStart,
  followNetwork,
  type Governance,
  networksAbi,
  readProposalStatus,
  readRulesetAt,
  serializeDeployment,
  transfer,
  type VotingRules,
} from '@cairn/chain'
import { rulesetHash, serializeRuleset } from '@cairn/protocol'
import { createLogger, manualClock } from '@cairn/runtime'
import { standardSectors, standardTools } from '@cairn/sector-standard'
import {
  type ContractChain,
  type ContractNetwork,
  createContractNetwork,
  defaultRuleset,
  startContractChain,
  testMeans,
} from '@cairn/testing'
import { createVerifier, type Verifier } from '@cairn/verifier'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { commands } from '../../commands.ts'
import { localPrivateKey } from '../../local/local-accounts.ts'
import { writeNetworkFile } from '../../network-file.ts'
import { runCli } from '../../run-cli.ts'

const template = standardSectors.get('template')!
const rules: VotingRules = {
  delaySeconds: 10,
  periodSeconds: 60,
  lateQuorumSeconds: 20,
  timelockSeconds: 30,
  proposalThreshold: parseEther('5'),
  quorumBps: 2_000,
  leastQuorum: parseEther('20'),
}
const halved = {
  ...defaultRuleset(template),
  programs: [
    { name: 'readings', weightBps: 5_000 },
    { name: 'spare', weightBps: 5_000 },
  ],
}

let local: ContractChain
let net: ContractNetwork
let governance: Governance
let home: string
let server: Server
let verifiers: readonly Verifier[]

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cairn-governance-'))
  local = await startContractChain()
  net = await createContractNetwork(local, { sector: template, devices: 2, verifiers: [2, 3, 4], salt: 1 })
  const { network, token } = net
  governance = await createGovernor(local.submitter(0), { token, rules })
  await local.send(0, changeOwner(local.deployment, { network, owner: governance.timelock }))
  server = createServer((request, response) => {
    net.fetchBytes(request.url!, 1 << 24).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await writeNetworkFile(home, {
    name: 'meadow',
    rpcUrl: local.chain.url,
    network,
    deployment: local.deployment,
    sources: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`],
  })
  await writeFile(join(home, 'halved.json'), JSON.stringify(halved, null, 2))
  await writeFile(join(home, 'same.json'), JSON.stringify(defaultRuleset(template)))
  verifiers = [2, 3, 4].map((index) =>
    createVerifier({
      client: local.client,
      deployment: local.deployment,
      network,
      account: local.account(index),
      submitter: local.submitter(index),
      means: testMeans(template),
      dataDir: join(home, `${index}`),
      clock: manualClock(),
      log: createLogger({ name: 'test', level: 'silent' }),
      fetchBytes: net.fetchBytes,
      sources: ['http://mirror'],
      http: { host: '127.0.0.1', port: 0 },
    }),
  )
}, 120_000)
afterAll(async () => {
  server.close()
  await local.chain.kill()
  await rm(home, { recursive: true, force: true })
}, 30_000)

interface Ran {
  readonly exitCode: number
  // biome-ignore lint/suspicious/noExplicitAny: what commands print is what the tests are about
  readonly value: any
  // biome-ignore lint/suspicious/noExplicitAny: likewise
  readonly error: any
}

/** Runs a command about a network in this process, as who holds the account of that place. */
async function runAs(place: 'ingest' | 'verifier-1', name: string, ...args: string[]): Promise<Ran> {
  const printed = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += text
      return true
    }),
  )
  try {
    const exitCode = await runCli({
      commands,
      sectors: standardSectors,
      gateways: new Map(),
      operators: new Map(),
      tools: standardTools,
      argv: ['node', 'cairn', '--json', '--home', home, '--network', name, ...args],
      env: { CAIRN_KEY: localPrivateKey(place) },
    })
    // A wrong command line is answered in words.
    const parse = (text: string) => (text.startsWith('{') ? JSON.parse(text) : undefined)
    return { exitCode, value: parse(printed.stdout), error: parse(printed.stderr)?.error }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
const alice = (...args: string[]) => runAs('ingest', 'meadow', 'governance', ...args)
const bob = (...args: string[]) => runAs('verifier-1', 'meadow', 'governance', ...args)
const done = async (ran: Promise<Ran>) => {
  const { error, value } = await ran
  expect(error).toBeUndefined()
  return value
}

/** Both devices report in an epoch, device 1 twice as much, and the verifiers settle it. */
async function settleEpoch(epoch: number): Promise<void> {
  const [model] = await template.facets.simulate!()
  const startMs = epochStart(net.timeline, epoch) * 1000
  const random = () => 0.5
  const readings = model!.observe({ device: 0, epoch, startMs, endMs: startMs + 100_000, random })
  await net.seal(epoch, [
    net.devices[0]!.report(epoch, 0, readings),
    net.devices[1]!.report(epoch, 0, [...readings, ...readings]),
  ])
  await local.goTo(availabilityEnd(net.timeline, epoch))
  for (const verifier of verifiers) await verifier.step()
}

const replay = (what: string, epochs: string, ...more: string[]) =>
  alice('replay', what, '--epochs', epochs, '--threads', '1', ...more)

test('default: before the vote it is known who would gain and who would lose', async () => {
  await settleEpoch(0)
  // Nine tokens an epoch for 15 readings: 3 and 6. Half of them by the proposal: 1.5 and 3; a spare program pays nobody.
  const { value } = await replay(join(home, 'halved.json'), '0..0', '--devices')
  expect(value).toMatchObject({
    first: 0,
    last: 0,
    devices: [
      { device: 0, before: '3000000000000000000', after: '1500000000000000000', differenceBps: -5000 },
      {
        device: 1,
        before: '6000000000000000000',
        after: '3000000000000000000',
        difference: '-3000000000000000000',
      },
    ],
    total: { before: '9000000000000000000', after: '4500000000000000000' },
    gain: 0,
    lose: 1,
    same: 0,
    largestLoser: { owner: local.account(0).address, devices: 2, difference: '-4500000000000000000' },
    roots: [{ after: { pots: ['4500000000000000000', '4500000000000000000', 0, 0] } }],
  })
  const same = await done(replay(join(home, 'same.json'), '0..5'))
  expect(same).toMatchObject({ gain: 0, lose: 0, same: 1, largestLoser: null, total: { difference: 0 } })
  expect((await replay(join(home, 'same.json'), '7..9')).error).toMatchObject({ code: 'nothing_to_replay' })
}, 60_000)

test('default: proposed, voted, queued, executed, and the verifiers settle under it', async () => {
  const ruleset = ['--ruleset', join(home, 'halved.json')]
  const propose = ['propose', '--title', 'Halve readings', '--text', 'They cost too much.', ...ruleset]
  expect((await alice(...propose)).error).toMatchObject({ code: 'too_few_votes' })
  expect(await done(alice('lock', '30'))).toMatchObject({ votes: '30000000000000000000' })
  await local.goTo((await local.now()) + 2)
  const proposed = await done(alice(...propose))
  expect(proposed).toMatchObject({ proposal: 1, refused: [] })
  expect(proposed.actions[0].words).toBe(
    'adopts a ruleset of template 1 (readings 50 %, spare 50 %) from the epoch after its execution on',
  )
  expect((await alice(...propose)).error).toMatchObject({ code: 'already_proposed', value: '1' })
  expect((await alice('vote', '1', 'for')).error).toMatchObject({ code: 'voting_not_begun' })
  const shown = await done(alice('show', '1'))
  expect(shown).toMatchObject({ state: 'pending', timeLeft: expect.stringContaining('voting begins in') })
  expect(shown.rulesetChanges).toContain('programs.0.weightBps: 10000 → 5000')

  await local.goTo(shown.snapshot + 1)
  expect((await bob('vote', '1', 'against')).error).toMatchObject({ code: 'no_votes' })
  const voted = await done(alice('vote', '1', 'for', '--reason', 'cheaper'))
  expect(voted).toMatchObject({ state: 'active', tally: { for: '30000000000000000000' } })
  expect((await alice('vote', proposed.id, 'against')).error).toMatchObject({ code: 'already_voted' })
  expect((await bob('queue', '1')).error).toMatchObject({ code: 'not_passed', value: 'active' })
  expect((await bob('execute', '1')).error).toMatchObject({ code: 'not_queued' })

  const { deadline } = await readProposalStatus(local, {
    governor: governance.governor,
    id: BigInt(proposed.id),
  })
  await local.goTo(deadline + 1)
  const { executableAt } = await done(bob('queue', '1'))
  expect((await bob('execute', '1')).error).toMatchObject({ code: 'too_early' })
  await local.goTo(executableAt)
  await done(bob('execute', '1'))
  expect((await bob('queue', '1')).error).toMatchObject({ code: 'already_queued' })

  const followed = followNetwork({ ...local, network: net.network })
  await followed.sync()
  const { fromEpoch, hash } = followed.history.rulesets.at(1_000)!
  expect(hash).toBe(rulesetHash(serializeRuleset(halved)))
  expect((await readRulesetAt(local, { network: net.network, epoch: fromEpoch - 1 })).hash).not.toBe(hash)
  await settleEpoch(fromEpoch)
  await followed.sync()
  const { root, state } = followed.history.roots.head!
  expect(state).toBe('challengeable')
  expect(root).toMatchObject({ last: fromEpoch, ruleset: hash })
  // All epochs since epoch 0 at nine tokens, halved from `fromEpoch` on.
  const epochs = BigInt(fromEpoch - 1)
  expect(root.payoutSum - parseEther('9')).toBe(parseEther('9') * epochs + parseEther('4.5'))
  const back = await done(replay(join(home, 'same.json'), `${fromEpoch}..${fromEpoch}`))
  expect(back.total.difference).toBe('4500000000000000000')
}, 120_000)

test('error: what would fail is known before it is proposed', async () => {
  const { deployment } = local
  const take = transfer({ token: net.token, to: governance.timelock, amount: 1n })
  const taken = await alice('propose', '--title', 'Ours', '--call', `${take.to}:${take.data}`)
  expect(taken.error).toMatchObject({ code: 'call_refused', value: 'InsufficientBalance' })
  const terms = {
    price: {
      feed: net.token,
      confidenceFeed: net.token,
      decimals: 8,
      maxAgeSeconds: 600,
      forgetSeconds: 600,
      maxDeviationBps: 100,
      maxConfidenceBps: 100,
    },
    refundSeconds: 60,
    sellerBps: [10_001, 0, 0, 0],
  }
  await writeFile(join(home, 'terms.json'), JSON.stringify(terms))
  const refused = await alice('propose', '--title', 'Terms', '--terms', join(home, 'terms.json'))
  expect(refused.error).toMatchObject({ code: 'call_refused', value: 'TermsInvalid' })
  await writeFile(join(home, 'terms.json'), JSON.stringify({ ...terms, sellerBps: [1] }))
  const malformed = await alice('propose', '--title', 'Terms', '--terms', join(home, 'terms.json'))
  expect(malformed.error).toMatchObject({ code: 'malformed_proposal', field: 'terms' })
  await writeFile(
    join(home, 'half.json'),
    JSON.stringify({ ...halved, programs: [{ name: 'a', weightBps: 1 }] }),
  )
  const half = await alice('propose', '--title', 'Half', '--ruleset', join(home, 'half.json'))
  expect(half.error).toMatchObject({ code: 'malformed_ruleset' })
  await writeFile(join(home, 'wrong.json'), JSON.stringify({ ...halved, params: { tolerance: 'none' } }))
  const wrong = ['propose', '--title', 'Wrong', '--ruleset', join(home, 'wrong.json')]
  expect((await alice(...wrong)).error).toMatchObject({ code: 'unsettleable' })
  await writeFile(join(home, 'later.json'), JSON.stringify({ ...halved, version: 9 }))
  const later = await alice('propose', '--title', 'Later', '--ruleset', join(home, 'later.json'))
  expect(later.error).toMatchObject({ code: 'unsettleable', value: expect.stringContaining('version 9') })
  const told = adoptRuleset(deployment, { network: net.network, document: serializeRuleset(halved) })
  const lie = told.data.replaceAll('1388', '1387').replace('1387', '1389') as `0x${string}`
  const lied = await alice('propose', '--title', 'Lie', '--call', `${told.to}:${lie}`)
  expect(lied.error).toMatchObject({ code: 'unsettleable', value: expect.stringContaining('other weights') })
  expect((await alice('propose', '--title', 'Nothing')).error).toMatchObject({ code: 'nothing_proposed' })
  expect((await alice('show', '9')).error).toMatchObject({ code: 'unknown_proposal' })

  // Forced, a document that is no ruleset can still be shown.
  const broken = encodeCall({
    contract: 'Networks',
    to: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'adoptRuleset',
    args: [
      net.network,
      '0x7b',
      { weights: [{ afterEpochs: 0, weightsBps: [10_000, 0, 0, 0] }], returnBps: [0, 0, 0, 0] },
    ],
  })
  const raw = ['--title', 'Broken\u001b[2K', '--call', `${broken.to}:${broken.data}`]
  expect((await alice('propose', ...raw)).error).toMatchObject({ code: 'unsettleable' })
  const { proposal: place } = await done(alice('propose', ...raw, '--force'))
  expect(await done(alice('show', `${place}`))).toMatchObject({
    refused: [],
    rulesetChanges: [],
    unsettleable: [expect.any(String)],
  })
  await done(alice('cancel', `${place}`))

  // Forced, it fails when it is executed, with the same error.
  const args = ['propose', '--title', 'Ours', '--call', `${take.to}:${take.data}`, '--force']
  const { proposal } = await done(alice(...args))
  const shown = await done(alice('show', `${proposal}`))
  expect(shown.refused).toMatchObject([{ error: 'InsufficientBalance' }])
  expect((await replay(`${proposal}`, '0..0')).error).toMatchObject({ code: 'nothing_to_replay' })
  await local.goTo(shown.snapshot + 1)
  await done(alice('vote', `${proposal}`, 'for'))
  await local.goTo(shown.deadline + 1)
  const { executableAt } = await done(alice('queue', `${proposal}`))
  await local.goTo(executableAt)
  expect((await alice('execute', `${proposal}`)).error).toMatchObject({
    code: 'contract_reverted',
    value: 'InsufficientBalance',
  })
}, 120_000)

test('default: several calls in one proposal, taken back, and the tokens with it', async () => {
  const maker = local.account(5).address
  const args = ['--maker', `0:${maker}`, '--require-maker', '0', '--quarantine', `0x${'ab'.repeat(32)}`]
  const { proposal, actions } = await done(alice('propose', '--title', 'Makers', ...args))
  expect(actions.map(({ name }: { name: string }) => name)).toEqual([
    'Networks.setMaker',
    'Networks.requireMaker',
    'Networks.quarantine',
  ])
  expect((await bob('cancel', `${proposal}`)).error).toMatchObject({ code: 'not_pending' })
  await done(alice('cancel', `${proposal}`))
  expect(await done(alice('ruleset', '1'))).toEqual(halved)
  expect(await done(alice('ruleset'))).toEqual(halved)
  const { proposals, rules: found } = await done(alice('list'))
  expect(proposals.map(({ state }: { state: string }) => state)).toEqual([
    'executed',
    'canceled',
    'queued',
    'canceled',
  ])
  expect(found).toMatchObject({ periodSeconds: 60, quorumBps: 2_000 })
  expect(await done(alice('unlock', '30'))).toMatchObject({ locked: 0, votes: 0 })
}, 60_000)

test('default: a network is made with a governor, and one without has nobody who votes', async () => {
  const deployment = join(home, 'deployment.json')
  await writeFile(deployment, serializeDeployment(local.deployment))
  const where = ['--rpc', local.chain.url, '--sector', 'template', '--deployment', deployment, '--force']
  const create = (name: string, ...args: string[]) =>
    done(runAs('ingest', name, 'network', 'create', name, ...where, ...args))
  const voting = ['--govern', '--voting-period', '600', '--quorum', '1000', '--least-quorum', '50']
  const { owner, governor, votingToken } = await create('hill', ...voting, '--timelock', '60')
  const listed = await done(runAs('ingest', 'hill', 'governance', 'list'))
  expect(listed).toMatchObject({
    timelock: owner,
    governor,
    votingToken,
    proposals: [],
    rules: { periodSeconds: 600, lateQuorumSeconds: 600, timelockSeconds: 60, quorumBps: 1_000 },
  })
  await create('dale')
  const alone = await runAs('ingest', 'dale', 'governance', 'list')
  expect(alone.error).toMatchObject({ code: 'not_governed', value: 'dale' })
  const both = await runAs('ingest', 'x', 'network', 'create', 'x', ...where, '--govern', '--owner', owner)
  expect(both.exitCode).toBe(2)
}, 60_000)
