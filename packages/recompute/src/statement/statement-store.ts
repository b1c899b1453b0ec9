import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RangeStatement } from '@cairn/economics'
import { type Hex, keccak256, toHex } from '@cairn/protocol'
import { isMissing, writeAtomic } from '@cairn/runtime'
import type { FinalRoot } from './credit-journal.ts'

/** Keeps the statement of each final root, so that a restart need not settle it again. A damaged file reads as absent. */
export interface StatementStore {
  read(root: FinalRoot): Promise<RangeStatement | undefined>
  write(root: FinalRoot, row: RangeStatement): Promise<void>
}

/** One small file a root. */
export function fileStatementStore(folder: string): StatementStore {
  const pathOf = ({ rootId }: FinalRoot) => join(folder, `${rootId}.json`)
  return {
    async read(root) {
      try {
        return parseRow(await readFile(pathOf(root), 'utf8'), root)
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    write: (root, row) => writeAtomic(pathOf(root), serializeRow(row, root)),
  }
}

/** A line of JSON with a digest of it in front; what is in quotes is a whole number. */
export function serializeRow(row: RangeStatement, root: FinalRoot): string {
  const body = JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  return `${digestOf(body, root)}\n${body}\n`
}

/** undefined for anything but what `serializeRow` wrote for this root, final in this block. */
export function parseRow(text: string, root: FinalRoot): RangeStatement | undefined {
  const [digest, body] = text.split('\n')
  if (body === undefined || digest !== digestOf(body, root)) return undefined
  return JSON.parse(body, (_, value) => (typeof value === 'string' ? BigInt(value) : value)) as RangeStatement
}

function digestOf(body: string, { rootId, blockHash }: FinalRoot): Hex {
  return toHex(keccak256(new TextEncoder().encode(`${rootId}${blockHash}${body}`)))
}
