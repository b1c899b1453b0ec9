import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { recoverStatementSigner, type StatementDocument, signStatement } from './statement-document.ts'

const account = privateKeyToAccount(generatePrivateKey())
const document: StatementDocument = {
  format: 'cairn-statement',
  version: 1,
  network: `0x${'0a'.repeat(28)}`,
  chainId: 31_337,
  rows: [
    {
      first: 0,
      last: 2,
      emitted: 10n ** 20n,
      burned: 0n,
      paid: 0n,
      netIssuance: 10n ** 20n,
      spentCredits: 0n,
      burnedCredits: 0n,
      emittedCredits: undefined,
      revenueCoverBps: undefined,
      work: 7n,
      creditsPerMillionWork: undefined,
      payerConcentrationBps: undefined,
      ownerConcentrationBps: 10_000n,
    },
  ],
}

test('default: who signed is found from the document as it was saved', async () => {
  const signed = await signStatement(account, document)
  const saved = JSON.parse(JSON.stringify(signed, null, 2))
  expect(saved.statement.rows[0]).toMatchObject({ emitted: '100000000000000000000', revenueCoverBps: null })
  expect(await recoverStatementSigner(saved)).toBe(account.address)
})

test('error: one digit changed is somebody else’s signature', async () => {
  const saved = JSON.parse(JSON.stringify(await signStatement(account, document)))
  saved.statement.rows[0].burned = '1'
  expect(await recoverStatementSigner(saved)).not.toBe(account.address)
})
