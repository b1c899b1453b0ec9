import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

/** Two at a time: each is a network of eight processes. */
const AT_ONCE = 2
const WITHIN_MS = 600_000

/** `Outcome` as the command prints it: amounts are strings. */
interface Printed {
  readonly falseRoot: { readonly root: string; readonly state: string } | null
  readonly challenge: { readonly kind: number; readonly transaction: string; readonly winner: string } | null
  readonly disputes: readonly { readonly kind: number; readonly tree: string; readonly state: string }[]
  readonly bonds: readonly { readonly before: string; readonly after: string }[]
  readonly collected: string | null
  readonly finalRoot: string | null
  readonly honestRoot: string | null
  readonly paid: string
}

const waiting: (() => void)[] = []
let free = AT_ONCE

/** Runs the command of an attack in a process of its own. */
async function play(...args: string[]): Promise<Printed> {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
  else free -= 1
  try {
    const child = spawn(process.execPath, [main, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`${args.join(' ')} ended with code ${code}:\n${stderr}`)
    return JSON.parse(stdout) as Printed
  } finally {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }
}

/** Plays when first asked for, and once. */
function playOnce(...args: string[]): () => Promise<Printed> {
  let begun: Promise<Printed> | undefined
  return () => {
    begun ??= play(...args)
    return begun
  }
}

const BOND = 1000n * 10n ** 18n
/** A third of what was slashed, rounded down for each. */
const thirdOf = (bonds: bigint) => (bonds * BOND) / 3n

const isNear = (actual: string | null, expected: bigint) => {
  const off = BigInt(actual ?? 0) - expected
  return off >= -3n && off <= 3n
}

describe.concurrent.each([
  ['colluding-payout', 1],
  ['colluding-hidden', 2],
  ['colluding-unbacked', 4],
])('%s', (attack, kind) => {
  const watched = playOnce(attack)
  const unwatched = playOnce(attack, '--no-watcher')

  it(
    `default: a challenge of kind ${kind} removes the root, all who attested it are slashed, and devices are paid by the honest one`,
    async () => {
      const { falseRoot, challenge, disputes, bonds, collected, finalRoot, honestRoot, paid } =
        await watched()
      expect(falseRoot?.state).toBe('removed')
      expect(challenge).toMatchObject({ kind, transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
      if (kind === 1) expect(disputes.every(({ kind, tree }) => kind === 2 && tree === 'payout')).toBe(true)
      else expect(disputes).toContainEqual(expect.objectContaining({ kind, state: 'won' }))
      expect(bonds.map(({ before }) => BigInt(before))).toEqual([BOND, BOND, BOND])
      expect(bonds.map(({ after }) => BigInt(after))).toEqual([0n, 0n, 0n])
      expect(isNear(collected, thirdOf(3n))).toBe(true)
      expect(finalRoot).not.toBe(falseRoot?.root)
      expect(finalRoot).not.toBeNull()
      expect(finalRoot).toBe(honestRoot)
      expect(BigInt(paid)).toBeGreaterThan(0n)
    },
    WITHIN_MS,
  )

  it(
    'control: with nobody watching, the false root becomes final and costs nobody anything',
    async () => {
      const { falseRoot, challenge, bonds, finalRoot, honestRoot } = await unwatched()
      expect(falseRoot?.state).toBe('final')
      expect(challenge).toBeNull()
      expect(bonds.map(({ after }) => BigInt(after))).toEqual([BOND, BOND, BOND])
      expect(finalRoot).toBe(falseRoot?.root)
      expect(finalRoot).not.toBe(honestRoot)
    },
    WITHIN_MS,
  )
})

describe.concurrent.each([
  ['dropped-report', 7],
  ['equivocating-ingest', 8],
])('%s', (attack, kind) => {
  const watched = playOnce(attack)
  const unwatched = playOnce(attack, '--no-watcher')

  it(
    `default: a receipt in the hands of a watcher proves it (kind ${kind}), and the ingest loses its bond`,
    async () => {
      const { challenge, bonds, collected, finalRoot, honestRoot, paid } = await watched()
      expect(challenge).toMatchObject({ kind, transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
      // The honest ingest beside it keeps its own.
      expect(bonds.map(({ before }) => BigInt(before))).toEqual([BOND, BOND])
      expect(bonds.map(({ after }) => BigInt(after))).toEqual([0n, BOND])
      expect(isNear(collected, thirdOf(1n))).toBe(true)
      expect(finalRoot).not.toBeNull()
      expect(finalRoot).toBe(honestRoot)
      expect(BigInt(paid)).toBeGreaterThan(0n)
    },
    WITHIN_MS,
  )

  it(
    'control: with nobody to give receipts to, the ingest keeps its bond',
    async () => {
      const { challenge, bonds, finalRoot } = await unwatched()
      expect(finalRoot).not.toBeNull()
      expect(challenge).toBeNull()
      expect(bonds.map(({ after }) => BigInt(after))).toEqual([BOND, BOND])
    },
    WITHIN_MS,
  )
})

describe.concurrent('lying-verifier', () => {
  const watched = playOnce('lying-verifier')
  const unwatched = playOnce('lying-verifier', '--liars', '2', '--no-watcher')

  it(
    'default: it is outvoted, and nothing happens to the honest ones',
    async () => {
      const { falseRoot, challenge, bonds, finalRoot, honestRoot, paid } = await watched()
      expect(falseRoot?.state).toBe('attesting')
      expect(challenge).toBeNull()
      expect(bonds.map(({ after }) => BigInt(after))).toEqual([BOND, BOND, BOND])
      expect(finalRoot).not.toBeNull()
      expect(finalRoot).toBe(honestRoot)
      expect(BigInt(paid)).toBeGreaterThan(0n)
    },
    WITHIN_MS,
  )

  it(
    'control: where two of three lie, each alone, no root becomes final',
    async () => {
      const { finalRoot, honestRoot, paid } = await unwatched()
      expect(finalRoot).toBeNull()
      expect(honestRoot).toBeNull()
      expect(BigInt(paid)).toBe(0n)
    },
    WITHIN_MS,
  )
})
