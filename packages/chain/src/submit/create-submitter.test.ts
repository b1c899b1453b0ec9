import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex } from '@cairn/protocol'
import { type Address, encodeErrorResult, numberToHex } from 'viem'
import { getLogs, getTransactionCount, sendRawTransaction } from 'viem/actions'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { create } from '../deploy/deploy-singletons.ts'
import { refuser, stone, stones, stonesAbi } from '../follow/stones.fixture.ts'
import { evidenceAbi } from '../generated/evidence.ts'
import { ContractError } from './contract-error.ts'
import { startTestChain, type TestChain } from './local-chain.fixture.ts'

let local: TestChain
let to: Address
beforeAll(async () => {
  local = await startTestChain()
  to = await create(local.submitter(0), stones)
}, 60_000)
afterEach(async () => {
  await local.rpc('evm_setAutomine', true)
  await local.rpc('evm_mine')
  local.incidents.length = 0
})
afterAll(() => local.chain.kill())

/** Waits for the chain, which on a busy machine takes its time. */
const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 15_000, interval: 10 })

const valuesOf = async () => {
  const logs = await getLogs(local.client, { address: to, event: stonesAbi[0], fromBlock: 0n })
  return logs.map(({ args }) => args.value)
}
const pooled = async () => {
  const { pending } = await local.rpc<{ pending: Record<Address, Record<string, { hash: Hex }>> }>(
    'txpool_content',
  )
  return Object.values(pending).flatMap((byNonce) => Object.values(byNonce).map(({ hash }) => hash))
}
const whenPooled = (count: number) =>
  eventually(async () => {
    const hashes = await pooled()
    expect(hashes).toHaveLength(count)
    return hashes
  })
const whatHappened = () => [...new Set(local.incidents.map(({ what }) => what))]

describe('submit', () => {
  test('default: sends, and returns when it is in a block', async () => {
    const submission = await local.submitter(1).submit(stone(to, 1n))
    expect(submission).toMatchObject({ status: 'mined', receipt: { status: 'success' } })
    expect(await valuesOf()).toContain(1n)
    expect(local.incidents).toEqual([])
  })

  test('behavior: many at once take one nonce each', async () => {
    const submitter = local.submitter(1)
    const before = await getTransactionCount(local.client, { address: submitter.address })
    await Promise.all(Array.from({ length: 20 }, (_, i) => submitter.submit(stone(to, 100n + BigInt(i)))))
    expect(await getTransactionCount(local.client, { address: submitter.address })).toBe(before + 20)
    expect((await valuesOf()).filter((value) => value! >= 100n && value! < 120n)).toHaveLength(20)
  })

  test('behavior: what is settled is not sent', async () => {
    const submitter = local.submitter(1)
    const before = await getTransactionCount(local.client, { address: submitter.address })
    expect(await submitter.submit(stone(to, 2n), { settled: async () => true })).toEqual({
      status: 'settled',
    })
    expect(await getTransactionCount(local.client, { address: submitter.address })).toBe(before)
  })

  test('behavior: dropped from the pool, it is sent again, once', async () => {
    await local.rpc('evm_setAutomine', false)
    const submission = local.submitter(1).submit(stone(to, 3n))
    const [hash] = await whenPooled(1)
    await local.rpc('anvil_dropTransaction', hash)
    await eventually(() => expect(whatHappened()).toEqual(['sent_again']))
    expect(await whenPooled(1)).toEqual([hash])
    await local.rpc('evm_mine')
    await submission
    expect((await valuesOf()).filter((value) => value === 3n)).toHaveLength(1)
  })

  test('behavior: taken back by a reorg before it is confirmed, it is sent again', async () => {
    const snapshot = await local.rpc('evm_snapshot')
    const submission = local.submitter(1).submit(stone(to, 4n), { confirmations: 3 })
    await eventually(async () => expect(await valuesOf()).toContain(4n))
    await local.rpc('evm_revert', snapshot)
    await eventually(() => expect(whatHappened()).toContain('sent_again'))
    await eventually(async () => expect(await valuesOf()).toContain(4n))
    await local.rpc('anvil_mine', numberToHex(2))
    expect(await submission).toMatchObject({ status: 'mined' })
    expect((await valuesOf()).filter((value) => value === 4n)).toHaveLength(1)
  })

  test('behavior: a chain that lost blocks leaves a gap in the nonces, which is filled', async () => {
    const submitter = local.submitter(2)
    const snapshot = await local.rpc('evm_snapshot')
    await submitter.submit(stone(to, 5n))
    await local.rpc('evm_setAutomine', false)
    const submission = submitter.submit(stone(to, 6n))
    await whenPooled(1)
    await local.rpc('evm_revert', snapshot)
    await eventually(() => expect(whatHappened()).toContain('gap_filled'))
    await local.rpc('evm_setAutomine', true)
    await local.rpc('evm_mine')
    expect(await submission).toMatchObject({ status: 'mined' })
    expect(await valuesOf()).toContain(6n)
    expect(await valuesOf()).not.toContain(5n)
  })

  test('behavior: when its nonce went elsewhere it is made anew, unless it is settled by now', async () => {
    await local.rpc('evm_setAutomine', false)
    const settled = vi.fn(async () => false)
    const submission = local.submitter(3).submit(stone(to, 7n), { settled })
    const [hash] = await whenPooled(1)
    await local.rpc('anvil_dropTransaction', hash)
    const account = local.account(3)
    const nonce = await getTransactionCount(local.client, { address: account.address })
    const fees = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n }
    const other = await account.signTransaction({
      type: 'eip1559',
      chainId: 31_337,
      nonce,
      gas: 30_000n,
      to: account.address,
      ...fees,
    })
    await sendRawTransaction(local.client, { serializedTransaction: other })
    await local.rpc('evm_mine')
    await eventually(() => expect(whatHappened()).toContain('nonce_taken'))
    await whenPooled(1)
    await local.rpc('evm_mine')
    expect(await submission).toMatchObject({ status: 'mined' })
    expect(settled).toHaveBeenCalledTimes(2)
    expect((await valuesOf()).filter((value) => value === 7n)).toHaveLength(1)
  })

  test('behavior: one that waits too long gets a higher fee', async () => {
    await local.rpc('evm_setAutomine', false)
    const submission = local.submitter(1, { raiseFeeAfterMs: 50 }).submit(stone(to, 8n))
    const [first] = await whenPooled(1)
    await eventually(async () => expect(await pooled()).not.toContain(first))
    await local.rpc('evm_mine')
    expect(await submission).toMatchObject({ status: 'mined' })
    expect(whatHappened()).toEqual(['fee_raised'])
    expect((await valuesOf()).filter((value) => value === 8n)).toHaveLength(1)
  })

  test('behavior: aborted, it stops waiting', async () => {
    await local.rpc('evm_setAutomine', false)
    const abort = new AbortController()
    const submission = local.submitter(1).submit(stone(to, 9n), { signal: abort.signal })
    submission.catch(() => {})
    await whenPooled(1)
    abort.abort(new Error('enough'))
    await expect(submission).rejects.toThrow('enough')
  })
})

test('behavior: a chain that is away for a while and comes back without the transaction gets it again', async () => {
  const stateFile = join(mkdtempSync(join(tmpdir(), 'cairn-submit-')), 'chain.json')
  const first = await startTestChain({ stateFile, saveEveryMs: 600_000 })
  await first.chain.save()
  await first.rpc('evm_setAutomine', false)
  const { address } = first.account(1)
  const submission = first.submitter(1).submit({ name: 'nothing', to: address, data: '0x' })
  submission.catch(() => {})
  await eventually(async () => expect(await first.rpc('txpool_status')).toMatchObject({ pending: '0x1' }))
  await first.chain.kill()
  await eventually(() => expect(first.incidents.map(({ what }) => what)).toContain('unreachable'))
  const second = await startTestChain({ stateFile, saveEveryMs: 600_000, port: first.chain.port })
  try {
    expect(await submission).toMatchObject({ status: 'mined' })
    expect(first.incidents.map(({ what }) => what)).toContain('sent_again')
  } finally {
    await second.chain.kill()
  }
})

describe('refused', () => {
  let refusing: Address
  beforeAll(async () => {
    refusing = await create(local.submitter(0), refuser)
  })
  const data = encodeErrorResult({ abi: evidenceAbi, errorName: 'NotSealing', args: [5, 10n, 20n, 30n] })

  test('error: names the contract’s error, its arguments and what to do', async () => {
    const submission = local.submitter(1).submit({ name: 'Evidence.commit', to: refusing, data })
    await expect(submission).rejects.toThrow(ContractError)
    await expect(submission).rejects.toMatchObject({
      code: 'contract_reverted',
      errorName: 'NotSealing',
      args: { epoch: 5, opensAt: 10n, closesAt: 20n },
    })
    await expect(submission).rejects.toThrow(/NotSealing \(epoch 5, opensAt 10.*\n\nCommit between/)
  })

  test('error: data that is no known error', async () => {
    const submission = local.submitter(1).submit({ name: 'x', to: refusing, data: '0x12345678' })
    await expect(submission).rejects.toMatchObject({ errorName: 'Unknown', args: { data: '0x12345678' } })
    await expect(local.submitter(1).submit({ name: 'x', to: refusing, data: '0x' })).rejects.toMatchObject({
      errorName: 'Unknown',
    })
  })

  test('behavior: refused because somebody else did it is settled', async () => {
    let asked = 0
    const settled = async () => {
      asked += 1
      return asked > 1
    }
    const submission = await local
      .submitter(1)
      .submit({ name: 'Evidence.commit', to: refusing, data }, { settled })
    expect(submission).toEqual({ status: 'settled' })
  })

  test('behavior: the nonce of a refused one stays free', async () => {
    const submitter = local.submitter(1)
    await submitter.submit({ name: 'x', to: refusing, data }).catch(() => {})
    expect(await submitter.submit(stone(to, 10n))).toMatchObject({ status: 'mined' })
  })
})
