import type { RangeStatement } from '@cairn/economics'
import { type Hex, type LocalAccount, recoverMessageAddress } from 'viem'

/** What a network's final roots paid against what its customers spent, as a document. */
export interface StatementDocument {
  readonly format: 'cairn-statement'
  readonly version: 1
  readonly network: string
  readonly chainId: number
  readonly rows: readonly RangeStatement[]
}

/** A statement with who stands for it. */
export interface SignedStatement {
  /** As JSON: amounts are decimal text, what is not known is null. */
  readonly statement: unknown
  readonly signer: Hex
  /** EIP-191, over `statement` as one line of JSON with its keys in the order they stand in. */
  readonly signature: Hex
}

/** The statement as one line of JSON: amounts are decimal text, what is not known is null. What is signed, served and printed. */
export function statementText(document: StatementDocument): string {
  return JSON.stringify(document, (_, value) => {
    if (typeof value === 'bigint') return `${value}`
    return value === undefined ? null : value
  })
}

/** Signs {@link statementText} by EIP-191. */
export async function signStatement(
  account: Pick<LocalAccount, 'address' | 'signMessage'>,
  document: StatementDocument,
): Promise<SignedStatement> {
  const message = statementText(document)
  const signature = await account.signMessage({ message })
  return { statement: JSON.parse(message), signer: account.address, signature }
}

/** Who signed; compare it with the signer that the document names and with whom the reader trusts. */
export function recoverStatementSigner({ statement, signature }: SignedStatement): Promise<Hex> {
  return recoverMessageAddress({ message: JSON.stringify(statement), signature })
}
