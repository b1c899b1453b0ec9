// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAggregator} from "./interfaces/IAggregator.sol";

/// @notice A price that an owner says, in the form of a feed: for a local chain, and for a network before a market has a price for its token.
contract GovernedFeed is IAggregator {
    address public immutable owner;
    /// @inheritdoc IAggregator
    uint8 public immutable decimals;

    int256 private _answer;
    uint64 private _updatedAt;
    uint80 private _round;

    event AnswerSet(int256 answer, uint64 updatedAt);

    error NotOwner(address caller, address owner);

    constructor(address owner_, uint8 decimals_, int256 answer) {
        owner = owner_;
        decimals = decimals_;
        _say(answer);
    }

    /// @notice By the owner. Saying the same again keeps the price from becoming stale.
    function say(int256 answer) external {
        if (msg.sender != owner) revert NotOwner(msg.sender, owner);
        _say(answer);
    }

    /// @inheritdoc IAggregator
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (_round, _answer, _updatedAt, _updatedAt, _round);
    }

    function _say(int256 answer) private {
        (_answer, _updatedAt) = (answer, uint64(block.timestamp));
        _round += 1;
        emit AnswerSet(answer, uint64(block.timestamp));
    }
}
