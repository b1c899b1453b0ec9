import { parseAbi } from 'viem'

/** What every emission contract answers: `contracts/src/interfaces/IEmission.sol`. */
export const emissionAbi = parseAbi([
  'function cumulative(uint32 epoch) view returns (uint256)',
  'function total() view returns (uint256)',
])
