import { ingestFault } from './ingest-fault.ts'

export const equivocatingIngest = ingestFault({
  name: 'equivocating-ingest',
  title: 'An ingest signs two different lists of the same reports.',
  fault: 'equivocate',
})
