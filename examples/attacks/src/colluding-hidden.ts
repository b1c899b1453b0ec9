import { collusion } from './collusion.ts'

export const colludingHidden = collusion({
  name: 'colluding-hidden',
  title: 'All verifiers attest a root with a subtree that nobody can show.',
  fault: 'hidden-subtree',
})
