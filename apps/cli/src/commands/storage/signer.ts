import { toHex } from '@cairn/protocol'
import { privateKeyToAddress } from 'viem/accounts'
import type { Register } from '../../command.ts'
import { rootKeyPath } from './gateway-folder.ts'
import { storageGroup } from './group.ts'

export const storageSigner: Register = (program, act) => {
  storageGroup(program)
    .command('signer')
    .description("print the address that a gateway signs with: the signer of its payer's rails")
    .option('--root-key <file>', "the gateway's root key; made when there is none yet")
    .addHelpText(
      'after',
      `
The key is drawn from the root key, so that who restores one has the other. It signs orders and bundles, holds nothing, and opens no object.

Examples:
  cairn storage rail open 7 25 --signer $(cairn storage signer)`,
    )
    .action(
      act(async (cli, { rootKey }: { readonly rootKey?: string }) => {
        const rootKeyFile = rootKey ?? rootKeyPath(cli)
        const { secret, isNew } = await (await cli.tools.storage()).openSigner(rootKeyFile)
        if (isNew) cli.output.note(`A root key was made at ${rootKeyFile}: back it up now.`)
        const signer = privateKeyToAddress(toHex(secret))
        cli.output.result({ signer, rootKeyFile, isRootKeyNew: isNew }, signer)
      }),
    )
}
