import { collusion } from './collusion.ts'

export const colludingPayout = collusion({
  name: 'colluding-payout',
  title: 'All verifiers give the first device half of what the last one earned.',
  fault: 'wrong-payout',
})
