import type { Sector } from '@cairn/protocol'
import type { Command } from 'commander'
import type { StorageTools } from './commands/storage/storage-tools.ts'
import type { Output } from './output/output.ts'
import type { OperatorFactory, StorageGatewayFactory } from './storage/storage-seam.ts'

/** What serves customers, by the sector's id; loaded where it is used. */
export type Gateways = ReadonlyMap<string, () => Promise<StorageGatewayFactory>>

/** What keeps and proves for customers, by the sector's id; loaded where it is used. */
export type Operators = ReadonlyMap<string, () => Promise<OperatorFactory>>

/** What sectors compute for commands, by sector; loaded where it is used. The commands' side of the seam: each sector's types are checked against it in main.ts. */
export interface Tools {
  readonly storage: () => Promise<StorageTools>
}

/** What every command is given by the program around it. */
export interface Cli {
  readonly sectors: ReadonlyMap<string, Sector>
  /** Loads what serves customers, by sector. */
  readonly gateways: Gateways
  /** Loads what keeps and proves for customers, by sector. */
  readonly operators: Operators
  /** Loads what sectors compute for commands. */
  readonly tools: Tools
  readonly env: NodeJS.ProcessEnv
  readonly output: Output
  /** Where networks, keys and state are kept. */
  readonly home: string
  /** Name of the network to speak to: `--network`. */
  readonly networkName: string
  /** Aborted by ctrl-c. */
  readonly signal: AbortSignal
}

/** Adds one command to the program. `act` gives the command's action its {@link Cli}, prints errors, and sets the exit code. */
export type Register = (
  program: Command,
  act: <Args extends unknown[]>(
    action: (cli: Cli, ...args: Args) => Promise<void>,
  ) => (...args: Args) => Promise<void>,
) => void
