import { parseAbi } from 'viem'

/** What every emission contract answers, `contracts/src/interfaces/IEmission.sol`, and what a band refuses. */
export const emissionAbi = parseAbi([
  'function cumulative(uint32 epoch) view returns (uint256)',
  'function total() view returns (uint256)',
  'error EpochNotOver(uint32 epoch, uint32 current)',
])
