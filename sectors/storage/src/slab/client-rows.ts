import type { Hex } from '@cairn/protocol'
import type { OperatorClient } from '../operator-client/create-operator-client.ts'
import { OperatorClientError } from '../operator-client/operator-client-error.ts'
import { MAX_LISTED_SLABS } from '../wire/slab-listing.ts'
import type { RowOperator } from './storage-operator.ts'

/** Rows at an operator, by its HTTP API. @param customer whose slabs are listed; those of whom the client's orders are of, where it is left out */
export function clientRows(client: OperatorClient, customer?: Hex): RowOperator {
  return {
    async put({ id, descriptor }, row, bytes, signal) {
      const { keptUntil } = await client.putRow({ slab: id, row, descriptor, bytes }, { signal })
      return BigInt(keptUntil)
    },
    get: (slab, row, { start, end }, signal) =>
      // How long the row is does not matter for a range, and every request is one.
      client.fetchRow({ slab, row, from: start, to: end, rowBytes: end + 1 }, { signal }),
    delete: (slab, row, signal) => absentAs(undefined, client.deleteRow(slab, row, { signal })),
    describe: (slab, signal) => absentAs(undefined, client.fetchSlab(slab, { signal })),
    async *list(kind, signal) {
      let page = await client.listSlabs({ kind, customer }, { signal })
      while (page.length > 0) {
        yield* page.map(({ slab, sequence, sizeBytes, row }) => ({ id: slab, sequence, sizeBytes, row }))
        if (page.length < MAX_LISTED_SLABS) return
        page = await client.listSlabs({ kind, customer, after: page.at(-1)! }, { signal })
      }
    },
  }
}

/** What is not there is an answer, not an error. */
async function absentAs<T, U>(absent: U, answer: Promise<T>): Promise<T | U> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof OperatorClientError && error.status === 404) return absent
    throw error
  }
}
