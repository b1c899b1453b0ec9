import { createSubmitter, type Submitter } from '@cairn/chain'
import { BaseError, type Hex, toHex } from '@cairn/protocol'
import { readKey, systemClock } from '@cairn/runtime'
import type { Command } from 'commander'
import type { Client, LocalAccount } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { Cli } from './command.ts'
import { type LocalRole, localPrivateKey, localRoles } from './local/local-accounts.ts'

/** No usable account was named; code `no_account`. */
export class AccountError extends BaseError {}

/** `--account` on commands that send transactions. */
export function withAccount(command: Command): Command {
  return command.option(
    '--account <name>',
    'who sends: a keystore file, or on the local network one of its roles (operator, ingest, …); CAIRN_KEY holds a private key',
  )
}

const privateKeys = new WeakMap<LocalAccount, Hex>()

/** The private key of an account from {@link openAccount}: an ingest signs with it many times a second. */
export function privateKeyOf(account: LocalAccount): Hex {
  const key = privateKeys.get(account)
  if (key === undefined) throw new TypeError('The account was not opened here.')
  return key
}

function remember(privateKey: Hex): LocalAccount {
  const account = privateKeyToAccount(privateKey)
  privateKeys.set(account, privateKey)
  return account
}

/** The account to send from: `--account`, else CAIRN_KEY, else the local network's operator. */
export async function openAccount({ env, networkName }: Cli, name?: string): Promise<LocalAccount> {
  if (name === undefined && env.CAIRN_KEY !== undefined) return remember(parsePrivateKey(env.CAIRN_KEY))
  const chosen = name ?? (networkName === 'local' ? 'operator' : undefined)
  if (chosen === undefined) {
    throw new AccountError({
      code: 'no_account',
      field: 'account',
      message: 'No account was named to send the transaction from.',
      fix: 'Name a keystore file with --account (and its passphrase in CAIRN_PASSPHRASE), or put a private key into CAIRN_KEY.',
    })
  }
  if (networkName === 'local' && (localRoles as readonly string[]).includes(chosen))
    return remember(localPrivateKey(chosen as LocalRole))
  const key = await readKey(chosen, env.CAIRN_PASSPHRASE ?? '')
  return remember(toHex(key))
}

export function submitterFor(client: Client, account: LocalAccount): Submitter {
  return createSubmitter({ client, account, clock: systemClock(), pollMs: 200 })
}

function parsePrivateKey(text: string): `0x${string}` {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text as `0x${string}`
  throw new AccountError({
    code: 'no_account',
    field: 'CAIRN_KEY',
    message: 'CAIRN_KEY is not a private key.',
    fix: 'It has to be 0x and 64 hexadecimal digits.',
  })
}
