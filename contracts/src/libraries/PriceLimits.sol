// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAggregator} from "../interfaces/IAggregator.sol";

/// @notice Which answers of a feed a network believes. Spec 7, Price.
struct PriceLimits {
    address feed; // dollars per token
    address confidenceFeed; // half-width of the feed's confidence interval, in its unit; zero where there is none
    uint8 decimals; // of the feed, at most 18
    uint32 maxAgeSeconds;
    uint32 forgetSeconds; // an accepted price this old is not compared with any more
    uint32 maxDeviationBps; // of the last accepted price
    uint16 maxConfidenceBps; // of the answer
}

/// @notice The last price that was accepted.
struct AcceptedPrice {
    uint96 answer;
    uint64 updatedAt;
}

enum PriceState {
    Usable,
    NotPositive,
    DecimalsChanged,
    TooLarge,
    FromTheFuture,
    Stale,
    Uncertain,
    Deviates,
    Unreachable
}

/// @notice Reads and judges a feed. It never reverts for what a feed does: a bad price makes buying rest, and nothing else.
library PriceReader {
    uint256 internal constant BPS = 10_000;
    uint256 private constant LONGEST_AGE = 7 days;

    error PriceLimitsInvalid(string field, uint256 value);

    function check(PriceLimits calldata limits) internal pure {
        if (limits.feed == address(0)) revert PriceLimitsInvalid("feed", 0);
        if (limits.decimals > 18) revert PriceLimitsInvalid("decimals", limits.decimals);
        if (limits.maxAgeSeconds == 0 || limits.maxAgeSeconds > LONGEST_AGE) {
            revert PriceLimitsInvalid("maxAgeSeconds", limits.maxAgeSeconds);
        }
        if (limits.forgetSeconds == 0) revert PriceLimitsInvalid("forgetSeconds", 0);
        if (limits.maxDeviationBps == 0 || limits.maxDeviationBps > 1_000_000) {
            revert PriceLimitsInvalid("maxDeviationBps", limits.maxDeviationBps);
        }
        if (limits.maxConfidenceBps > BPS) {
            revert PriceLimitsInvalid("maxConfidenceBps", limits.maxConfidenceBps);
        }
    }

    /// @return state whether the price can be counted with, or why not
    /// @return reading the feed's answer and its time, where usable
    /// @return lowPrice the answer less twice the confidence: what credits are sold at
    function read(PriceLimits memory limits, AcceptedPrice memory accepted)
        internal
        view
        returns (PriceState state, AcceptedPrice memory reading, uint256 lowPrice)
    {
        (bool ok, uint256 decimals, int256 answer, uint256 updatedAt) = _ask(limits.feed);
        if (!ok) return (PriceState.Unreachable, reading, 0);
        int256 confidence = 0;
        if (limits.confidenceFeed != address(0)) {
            (ok,, confidence,) = _ask(limits.confidenceFeed);
            if (!ok) return (PriceState.Unreachable, reading, 0);
        }
        (state, lowPrice) = judge(limits, accepted, decimals, answer, updatedAt, confidence);
        if (state == PriceState.Usable) {
            reading = AcceptedPrice(uint96(uint256(answer)), uint64(updatedAt));
        }
    }

    /// @dev In the order of spec 7, so that both languages give the same reason.
    function judge(
        PriceLimits memory limits,
        AcceptedPrice memory accepted,
        uint256 decimals,
        int256 answer,
        uint256 updatedAt,
        int256 confidence
    ) internal view returns (PriceState state, uint256 lowPrice) {
        if (answer <= 0) return (PriceState.NotPositive, 0);
        if (decimals != limits.decimals) return (PriceState.DecimalsChanged, 0);
        if (answer > int256(uint256(type(uint96).max)) || confidence > int256(uint256(type(uint96).max))) {
            return (PriceState.TooLarge, 0);
        }
        if (updatedAt > block.timestamp) return (PriceState.FromTheFuture, 0);
        if (block.timestamp - updatedAt > limits.maxAgeSeconds) return (PriceState.Stale, 0);
        uint256 price = uint256(answer);
        uint256 width = uint256(confidence);
        if (confidence < 0 || width * BPS > price * limits.maxConfidenceBps || 2 * width >= price) {
            return (PriceState.Uncertain, 0);
        }
        if (accepted.answer != 0 && block.timestamp - accepted.updatedAt < limits.forgetSeconds) {
            uint256 before = accepted.answer;
            uint256 distance = price > before ? price - before : before - price;
            if (distance * BPS > before * limits.maxDeviationBps) return (PriceState.Deviates, 0);
        }
        return (PriceState.Usable, price - 2 * width);
    }

    /// @dev Whatever stands at the address: no code, a revert, short or endless answers.
    function _ask(address feed)
        private
        view
        returns (bool ok, uint256 decimals, int256 answer, uint256 updatedAt)
    {
        bytes memory data;
        (ok, data) = _call(feed, abi.encodeCall(IAggregator.decimals, ()), 32);
        if (!ok) return (false, 0, 0, 0);
        decimals = abi.decode(data, (uint256));
        (ok, data) = _call(feed, abi.encodeCall(IAggregator.latestRoundData, ()), 160);
        if (!ok) return (false, 0, 0, 0);
        (, answer,, updatedAt,) = abi.decode(data, (uint256, int256, uint256, uint256, uint256));
    }

    /// @dev Copies `length` bytes of the answer and no more, with gas for any honest feed.
    function _call(address target, bytes memory input, uint256 length)
        private
        view
        returns (bool ok, bytes memory data)
    {
        data = new bytes(length);
        assembly ("memory-safe") {
            ok := staticcall(200000, target, add(input, 32), mload(input), add(data, 32), length)
            ok := and(ok, iszero(lt(returndatasize(), length)))
        }
    }
}
