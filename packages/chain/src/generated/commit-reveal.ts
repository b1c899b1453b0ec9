// Written by tools/generate-abis.ts from contracts/src/CommitReveal.sol; do not edit.

/** ABI of CommitReveal. */
export const commitRevealAbi = [
  {"type":"function","name":"commit","inputs":[{"name":"commitment","type":"bytes32","internalType":"bytes32"}],"outputs":[],"stateMutability":"nonpayable"},
  {"type":"function","name":"committedAt","inputs":[{"name":"commitment","type":"bytes32","internalType":"bytes32"}],"outputs":[{"name":"","type":"uint256","internalType":"uint256"}],"stateMutability":"view"},
  {"type":"event","name":"ChallengeCommitted","inputs":[{"name":"commitment","type":"bytes32","indexed":true,"internalType":"bytes32"}],"anonymous":false},
  {"type":"error","name":"NotCommitted","inputs":[{"name":"commitment","type":"bytes32","internalType":"bytes32"}]},
  {"type":"error","name":"RevealTooEarly","inputs":[{"name":"commitment","type":"bytes32","internalType":"bytes32"},{"name":"committedBlock","type":"uint256","internalType":"uint256"}]},
] as const
