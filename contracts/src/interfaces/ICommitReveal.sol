// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice A challenge is announced by a hash at least one block before it is made, so that nobody can copy it from the mempool.
///         commitment = keccak256(abi.encode(challenger, keccak256(calldata of the challenge))); the `salt` argument at the end of that calldata hides its content.
interface ICommitReveal {
    event ChallengeCommitted(bytes32 indexed commitment);

    error NotCommitted(bytes32 commitment);
    error RevealTooEarly(bytes32 commitment, uint256 committedBlock);

    function commit(bytes32 commitment) external;
    /// @notice 1 + the block in which the commitment was announced first; 0 when it was not. A used commitment can not be used again.
    function committedAt(bytes32 commitment) external view returns (uint256 blockPlusOne);
}
