import { opensslCommand, opensslVerifyRate } from '../peers/openssl-speed.ts'
import type { Measurement, Row } from '../row.ts'
import { alternate, median, ratioOf } from '../statistics.ts'
import { type IngestRound, startIngestLoad } from '../workloads/ingest-load.ts'

/** Until then V8 compiles, in threads whose time counts as the ingest's; an ingest runs for weeks. */
const WARM_UP_ROUNDS = 4
const ROUNDS = 7
const REPORTS_PER_ROUND = 4000
const CORES = 2
const PEER_SECONDS = 1

const peer = `two of ${opensslCommand(PEER_SECONDS)} at once`
const workloadOf = (observationsEach: number) =>
  `an ingest in a process of its own, two checking threads, its log on the disk of the repository, before a chain in memory; ${ROUNDS} rounds of ${REPORTS_PER_ROUND} reports of ${observationsEach} observation(s), after ${WARM_UP_ROUNDS} that are not counted because V8 still compiles in them, all signed beforehand, 256 a POST, 8 requests at a time, each report acknowledged with a receipt after fdatasync; in turns with the peer. Both sides count per second of CPU time of ${CORES} cores: ours is ${CORES} × reports ÷ CPU time of the ingest's process, so that the sender's share of the machine stays apart; by the clock beside`

/** Reports an ingest can check and make durable, against checking signatures alone. */
export const ingestReports: Row = {
  name: 'ingest-reports',
  unit: 'reports/s',
  against: peer,
  budget: { atLeast: 0.5 },
  workload: workloadOf(1),
  commands: { ours: 'npm run bench -- ingest-reports', peer },
  measure: () => measureIngest(1),
}

/** The same in observations, where a signature covers many. */
export const ingestObservations: Row = {
  name: 'ingest-observations',
  unit: 'observations/s',
  against: `${peer}, in signatures`,
  budget: { atLeast: 25 },
  workload: workloadOf(64),
  commands: { ours: 'npm run bench -- ingest-observations', peer },
  measure: () => measureIngest(64),
}

async function measureIngest(observationsEach: number): Promise<Measurement> {
  const load = await startIngestLoad({
    rounds: WARM_UP_ROUNDS + ROUNDS,
    reportsPerRound: REPORTS_PER_ROUND,
    observationsEach,
  })
  try {
    for (let round = 0; round < WARM_UP_ROUNDS; round++) await load.send()
    const rounds: IngestRound[] = []
    const samples = await alternate(
      ROUNDS,
      async () => {
        const round = await load.send()
        rounds.push(round)
        return (CORES * observationsEach * round.reports) / round.cpuSeconds
      },
      () => opensslVerifyRate(PEER_SECONDS),
    )
    const byTheClock = rounds.map(({ reports, wallSeconds }) => (observationsEach * reports) / wallSeconds)
    return {
      value: median(samples.ours),
      ratio: ratioOf(samples),
      samples: {
        ...samples,
        'ours by the clock': byTheClock,
        "sender's CPU s": rounds.map(({ senderCpuSeconds }) => senderCpuSeconds),
        "ingest's CPU s": rounds.map(({ cpuSeconds }) => cpuSeconds),
      },
    }
  } finally {
    load.close()
  }
}
