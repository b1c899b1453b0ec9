import { collusion } from './collusion.ts'

export const colludingUnbacked = collusion({
  name: 'colluding-unbacked',
  title: 'All verifiers credit the first device with work for a report that was never sent.',
  fault: 'unbacked-work',
})
