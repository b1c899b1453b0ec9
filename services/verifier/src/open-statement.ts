import { join } from 'node:path'
import {
  createStatementBook,
  fileStatementStore,
  type NetworkSession,
  type StatementBook,
  UnavailableError,
} from '@cairn/recompute'

/** The network's statement as a verifier keeps it: rows on disk, since the states that they follow from are deleted. */
export function openStatement(session: NetworkSession, dataDir: string): StatementBook {
  const { reader, history, network, recomputer } = session
  return createStatementBook({
    reader,
    history,
    store: fileStatementStore(join(dataDir, network, 'statement')),
    stateOf: async (rootId) => {
      try {
        return await recomputer.stateOf(rootId)
      } catch (error) {
        // Evidence so old that nobody gives it: who earned is not told, everything else is.
        if (error instanceof UnavailableError) return undefined
        throw error
      }
    },
  })
}
