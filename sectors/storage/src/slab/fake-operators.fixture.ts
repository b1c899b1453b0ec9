import { type Clock, sha256 } from '@cairn/runtime'
import { parseDescriptor, type SlabKind } from '../wire/slab-descriptor.ts'
import type { OperatorDirectory, RowOperator, StorageOperator } from './storage-operator.ts'

/** What an operator in memory does wrong; to be set at any time. */
export interface FakeBehaviour {
  /** Answers nothing but errors. */
  isDead: boolean
  /** Takes no rows. */
  isRefusing: boolean
  /** Sends other bytes than it has. */
  isLying: boolean
  /** Milliseconds of the clock before every answer. */
  delayMs: number
}

/** An operator in memory that does what it is told. */
export interface FakeOperator extends FakeBehaviour {
  readonly operator: StorageOperator
  /** `slab id in hex/row` to bytes. */
  readonly kept: Map<string, Uint8Array>
  /** Calls so far, by kind. */
  readonly calls: { put: number; get: number; delete: number }
}

export interface FakeOperators {
  readonly all: readonly FakeOperator[]
  readonly directory: OperatorDirectory
}

/** So many operators, each of its own network, in three countries. */
export function fakeOperators(count: number, clock: Clock): FakeOperators {
  const all = Array.from({ length: count }, (_, device) => fakeOperator(device, clock))
  return {
    all,
    directory: { all: () => all.map(({ operator }) => operator), find: (device) => all[device]?.operator },
  }
}

function fakeOperator(device: number, clock: Clock): FakeOperator {
  const kept = new Map<string, Uint8Array>()
  const descriptors = new Map<string, Uint8Array>()
  const keyOf = (id: Uint8Array, row: number) => `${Buffer.from(id).toString('hex')}/${row}`
  const answer = async (signal: AbortSignal) => {
    // Another turn even without a delay, as a socket has it.
    await (fake.delayMs === 0 ? Promise.resolve() : clock.sleep(fake.delayMs, signal))
    signal.throwIfAborted()
    if (fake.isDead) throw new Error('ECONNREFUSED')
  }
  const rows: RowOperator = {
    async put({ id, descriptor }, row, bytes, signal) {
      fake.calls.put += 1
      await answer(signal)
      if (fake.isRefusing) throw new Error('507')
      if (!Buffer.from(sha256(descriptor)).equals(id)) throw new Error('the id is not that of the descriptor')
      kept.set(keyOf(id, row), bytes.slice())
      descriptors.set(Buffer.from(id).toString('hex'), descriptor.slice())
      return 0n
    },
    async get(id, row, { start, end }, signal) {
      fake.calls.get += 1
      await answer(signal)
      const bytes = kept.get(keyOf(id, row))
      if (bytes === undefined) throw new Error('404')
      return fake.isLying ? bytes.slice(start, end).map((byte) => byte ^ 1) : bytes.slice(start, end)
    },
    async delete(id, row, signal) {
      fake.calls.delete += 1
      await answer(signal)
      kept.delete(keyOf(id, row))
    },
    async describe(id, signal) {
      await answer(signal)
      const hex = Buffer.from(id).toString('hex')
      const held = [...kept.keys()].filter((key) => key.startsWith(hex)).map((key) => Number(key.slice(65)))
      return held.length === 0
        ? undefined
        : { descriptor: descriptors.get(hex)!, rows: held.toSorted((a, b) => a - b) }
    },
    async *list(kind: SlabKind, signal) {
      await answer(signal)
      for (const key of kept.keys()) {
        const slab = parseDescriptor(descriptors.get(key.slice(0, 64))!)
        if (slab.kind === kind)
          yield {
            id: new Uint8Array(Buffer.from(key.slice(0, 64), 'hex')),
            sequence: slab.sequence,
            sizeBytes: slab.sizeBytes,
            row: Number(key.slice(65)),
          }
      }
    },
  }
  const fake: FakeOperator = {
    kept,
    calls: { put: 0, get: 0, delete: 0 },
    isDead: false,
    isRefusing: false,
    isLying: false,
    delayMs: 0,
    operator: {
      device,
      owner: `owner-${device}`,
      network: `10.0.${device}.0/24`,
      country: ['CH', 'DE', 'FR'][device % 3]!,
      freeBytes: 1e12,
      sharePpm: 1_000_000,
      pricePerTib: 5n,
      rows,
    },
  }
  return fake
}
