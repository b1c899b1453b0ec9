import { execFileSync } from 'node:child_process'
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { equalBytes } from '@cairn/protocol'
import { deviceSigner, sha256 } from '@cairn/runtime'
import { afterAll, expect, test } from 'vitest'
import type { RowUpload } from '../../operator-client/create-operator-client.ts'
import { patterned } from '../../patterned.fixture.ts'
import { derivePiece } from '../../piece/piece-hasher.ts'
import { testCustomer } from '../../wire/customer.fixture.ts'
import { encodeDescriptor } from '../../wire/slab-descriptor.ts'
import { startTrustingOperator, testOperatorClient } from './test-operator.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'cairn-operator-full-'))
const isMounted = mount()
afterAll(() => {
  if (isMounted) execFileSync('/bin/umount', [folder])
})

/** A disk of its own, of 96 MiB, of which an operator leaves 64 free. Only the superuser may have one. */
function mount(): boolean {
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const customer = testCustomer()
const signer = deviceSigner(new Uint8Array(32).fill(7))
const device = 4

async function start() {
  const operator = await startTrustingOperator(join(folder, 'rows'), device, signer, customer.address)
  return { operator, client: testOperatorClient(operator, device, signer.key, customer) }
}
const sizeBytes = 500_000
function uploadOf(seed: number): RowUpload {
  const bytes = patterned(sizeBytes, seed)
  const { root } = derivePiece(bytes)
  const head = { kind: 'content', customer: customer.address, sequence: 0n } as const
  const descriptor = encodeDescriptor({ ...head, sizeBytes, dataRows: 1, rows: 2, roots: [root, root] })
  return { slab: sha256(descriptor), row: 0, descriptor, bytes }
}

/** Takes all room but so many bytes. */
function fillDisk(leave: number): string {
  const path = join(folder, 'ballast')
  const file = openSync(path, 'w')
  for (const size of [2 ** 20, 4_096])
    try {
      for (;;) writeSync(file, Buffer.alloc(size))
    } catch {
      // That there is no room left is the purpose.
    }
  ftruncateSync(file, fstatSync(file).size - leave)
  closeSync(file)
  return path
}

test.skipIf(!isMounted)(
  'behavior: a full disk (mounting one takes the superuser) is 507, nothing that was receipted is lost, and with room again it goes on',
  async () => {
    let { operator, client } = await start()
    const kept: number[] = []
    const put = async (seed: number) => {
      await client.putRow(uploadOf(seed))
      kept.push(seed)
    }
    const expectKept = async () => {
      for (const seed of kept) {
        const { slab, row, bytes } = uploadOf(seed)
        expect(equalBytes(await client.fetchRow({ slab, row, rowBytes: sizeBytes }), bytes)).toBe(true)
      }
    }
    for (let seed = 0; seed < 20; seed++) await put(seed)
    // Others fill the disk meanwhile: what was asked of it a moment ago does not hold.
    const ballast = fillDisk(3 * sizeBytes)
    const refusals: unknown[] = []
    for (let seed = 20; seed < 30; seed++) await put(seed).catch((error) => refusals.push(error))
    expect(refusals.length).toBeGreaterThan(6)
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'disk_full', status: 507 })
    await expectKept()

    client.close()
    await operator.stop()
    rmSync(ballast)
    ;({ operator, client } = await start())
    await expectKept()
    for (let seed = 30; seed < 35; seed++) await put(seed)
    await expect(
      (async () => {
        for (let seed = 35; seed < 200; seed++) await put(seed)
      })(),
    ).rejects.toMatchObject({ code: 'disk_full', status: 507 })
    expect(kept.length).toBeGreaterThan(40)
    await expectKept()
    client.close()
    await operator.stop()
  },
)
