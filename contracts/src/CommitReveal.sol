// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICommitReveal} from "./interfaces/ICommitReveal.sol";

/// @notice Challenges are announced by a hash and made a block later; see ICommitReveal.
abstract contract CommitReveal is ICommitReveal {
    /// @dev A used commitment keeps this mark for good.
    uint64 private constant USED = type(uint64).max;

    struct Announcement {
        uint64 blockPlusOne;
        uint64 time;
    }

    mapping(bytes32 commitment => Announcement) private _announced;

    /// @inheritdoc ICommitReveal
    /// @dev Announcing again changes nothing: who sees a commitment in the mempool and sends it too only announces it for its challenger.
    function commit(bytes32 commitment) external {
        Announcement storage announcement = _announced[commitment];
        if (announcement.blockPlusOne != 0) return;
        announcement.blockPlusOne = uint64(block.number + 1);
        announcement.time = uint64(block.timestamp);
        emit ChallengeCommitted(commitment);
    }

    /// @inheritdoc ICommitReveal
    function committedAt(bytes32 commitment) external view returns (uint256) {
        return _announced[commitment].blockPlusOne;
    }

    /// @dev Uses up the caller's announcement of exactly this call.
    /// @return openedAt when it was announced; who announced first wins, whoever is mined first
    function _reveal() internal returns (uint64 openedAt) {
        bytes32 commitment = keccak256(abi.encode(msg.sender, keccak256(msg.data)));
        Announcement storage announcement = _announced[commitment];
        uint64 blockPlusOne = announcement.blockPlusOne;
        if (blockPlusOne == 0 || blockPlusOne == USED) revert NotCommitted(commitment);
        if (block.number < blockPlusOne) revert RevealTooEarly(commitment, blockPlusOne - 1);
        announcement.blockPlusOne = USED;
        return announcement.time;
    }
}
