/** ABI and creation code of every contract in contracts/src, typed for viem. */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { GeneratedFile } from './generated-files.ts'
import { root } from './source-files.ts'

interface Artifact {
  abi: readonly unknown[]
  bytecode: { object: string; linkReferences: Record<string, unknown> }
}

/** Compiles, and generates one file for each `contracts/src/<Contract>.sol`; interfaces and libraries lie deeper. */
export async function generate(): Promise<GeneratedFile[]> {
  const contracts = globSync('contracts/src/*.sol', { cwd: root })
    .map((path) => basename(path, '.sol'))
    .sort()
  if (contracts.length === 0) return []
  const { status, stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin/forge'),
    ['build', '--skip', 'test', 'script'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  if (status !== 0)
    throw new Error(`The contracts do not compile, so there is nothing to generate from:\n${stdout}${stderr}`)
  return contracts.map((contract) => ({
    path: `packages/chain/src/generated/${kebabCase(contract)}.ts`,
    content: renderContract(contract, readArtifact(contract)),
  }))
}

function readArtifact(contract: string): Artifact {
  return JSON.parse(readFileSync(join(root, `contracts/out/${contract}.sol/${contract}.json`), 'utf8'))
}

/**
 * Renders the TypeScript of one contract. An abstract contract has no creation code and gets none.
 *
 * @throws Error when the creation code needs a library's address: a constant cannot hold it.
 */
export function renderContract(contract: string, { abi, bytecode }: Artifact): string {
  if (Object.keys(bytecode.linkReferences).length > 0) {
    throw new Error(
      `${contract} is linked to ${Object.keys(bytecode.linkReferences).join(', ')} when it is deployed. ` +
        "Make the library's functions internal, so that they are compiled in.",
    )
  }
  const name = `${contract[0]?.toLowerCase()}${contract.slice(1)}`
  const entries = abi.map((entry) => `  ${JSON.stringify(entry)},`).join('\n')
  const lines = [
    `// Written by tools/generate-abis.ts from contracts/src/${contract}.sol; do not edit.`,
    '',
    `/** ABI of ${contract}. */`,
    abi.length === 0
      ? `export const ${name}Abi = [] as const`
      : `export const ${name}Abi = [\n${entries}\n] as const`,
  ]
  if (bytecode.object !== '0x') {
    lines.push('', `/** Creation code of ${contract}, without constructor arguments. */`)
    lines.push(`export const ${name}Bytecode: \`0x\${string}\` =`, `  '${bytecode.object}'`)
  }
  return `${lines.join('\n')}\n`
}

/** `RewardVault` → `reward-vault`. */
function kebabCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase()
}
