import { ingestFault } from './ingest-fault.ts'

export const droppedReport = ingestFault({
  name: 'dropped-report',
  title: 'An ingest gives a receipt for a report and leaves it out of what it commits.',
  fault: 'drop-acked',
})
