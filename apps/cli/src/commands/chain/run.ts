import { readFile } from 'node:fs/promises'
import { BaseError } from '@cairn/protocol'
import type { Register } from '../../command.ts'
import type { DurationOptions } from '../../duration-options.ts'
import { LOCAL_TIMELINE } from '../../local/create-local-network.ts'
import { simulatedNames, startLocalChain } from '../../local/start-local-chain.ts'
import { wholeNumber } from '../../parse-options.ts'
import { untilStopped } from '../../services/until-stopped.ts'
import { group } from '../group.ts'

interface ChainRunOptions extends DurationOptions {
  readonly gateways: number
  readonly devicesFile?: string
  readonly freePorts: boolean
}

export const chainRun: Register = (program, act) => {
  group(program, 'chain', 'the local chain')
    .command('run')
    .description('run the local chain alone, with contracts, a network, bonds and simulated devices on it')
    .option('--gateways <count>', 'devices to onboard when the network is made', wholeNumber(0, 1000), 4)
    .option(
      '--devices-file <path>',
      'names of devices to onboard instead, as a JSON array: for LoRa gateways their EUIs',
    )
    .option('--free-ports', 'take free ports only, when the network is made', false)
    .option(
      '--seal <seconds>',
      'for ingests to commit, when the network is made; what a killed chain loses has to fit in',
      wholeNumber(1, 600),
      LOCAL_TIMELINE.sealSeconds,
    )
    .option('--epoch <seconds>', 'how long epochs are', wholeNumber(4, 600), LOCAL_TIMELINE.epochSeconds)
    .option(
      '--availability <seconds>',
      'for verifiers to fetch evidence',
      wholeNumber(1, 600),
      LOCAL_TIMELINE.availabilitySeconds,
    )
    .option(
      '--attest <seconds>',
      'for verifiers to attest, when the network is made; a restarted one has to be back within it',
      wholeNumber(4, 600),
      LOCAL_TIMELINE.attestSeconds,
    )
    .option(
      '--challenge <seconds>',
      'how long accepted roots can be challenged',
      wholeNumber(4, 600),
      LOCAL_TIMELINE.challengeSeconds,
    )
    .option(
      '--response <seconds>',
      'how long a move in a dispute may take',
      wholeNumber(2, 60),
      LOCAL_TIMELINE.responseSeconds,
    )
    .addHelpText(
      'after',
      '\nWhat `cairn up` runs in one process can run as one process each: ingest, verifiers, watcher, agent.',
    )
    .action(
      act(
        async (
          cli,
          {
            gateways,
            devicesFile,
            freePorts,
            epoch,
            seal,
            availability,
            attest,
            challenge,
            response,
          }: ChainRunOptions,
        ) => {
          const sector = cli.sectors.get('wireless')!
          const devices =
            devicesFile === undefined
              ? await simulatedNames(sector, gateways, 1)
              : await readNames(devicesFile)
          await untilStopped(cli, 'chain', async (log) => {
            const { home, output } = cli
            const { chain, ports } = await startLocalChain({
              home,
              sector,
              devices,
              freePorts,
              timeline: {
                epochSeconds: epoch,
                sealSeconds: seal,
                availabilitySeconds: availability,
                attestSeconds: attest,
                challengeSeconds: challenge,
                responseSeconds: response,
              },
              log,
              say: output.note,
            })
            const done = chain.exited.then(() => Promise.reject(new Error('the local chain ended')))
            return { done, stop: () => chain.stop(), ready: { rpcUrl: chain.url, pid: chain.pid, ports } }
          })
        },
      ),
    )
}

/** The file of names is none; code `malformed_devices_file`. */
class DevicesFileError extends BaseError {}

const mostNames = 10_000

async function readNames(path: string): Promise<readonly string[]> {
  try {
    const names: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (!Array.isArray(names) || names.length > mostNames || !names.every((name) => typeof name === 'string'))
      throw new Error(`it is no JSON array of at most ${mostNames} strings`)
    if (new Set(names).size !== names.length) throw new Error('a name stands twice')
    return names
  } catch (cause) {
    throw new DevicesFileError({
      code: 'malformed_devices_file',
      field: 'devices-file',
      value: path,
      message: `The names of devices in ${path} can not be used: ${(cause as Error).message}.`,
      fix: 'Write them as a JSON array, each name once: ["0016c001f0000001"].',
      cause,
    })
  }
}
