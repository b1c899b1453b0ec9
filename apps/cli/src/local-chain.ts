/** The chain id on which timelines may be short and prevrandao is beacon enough, as Networks.sol has it. */
export const LOCAL_CHAIN = 31_337
