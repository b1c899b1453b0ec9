// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BondTerms} from "../interfaces/IOperatorBonds.sol";

/// @notice The rule by which faults become a score, and a score a share of the bond. Spec 6, Operator bonds.
library SlashLadder {
    uint256 private constant WHOLE_BPS = 10_000;

    /// @notice What is left of a score after `epochs` without faults.
    function forgiven(BondTerms memory terms, uint32 score, uint256 epochs) internal pure returns (uint32) {
        uint256 off = epochs / terms.forgiveEpochs;
        return off < score ? uint32(score - off) : 0;
    }

    /// @notice The score after a root over first..last with faults, and the score by which it is charged, given the score as of `faultEpoch`.
    /// @dev A root older than what was executed is charged by its own faults alone, and adds what would be left of them: so no order costs more than the order of epochs.
    function raise(
        BondTerms memory terms,
        uint32 score,
        uint32 faultEpoch,
        uint32 first,
        uint32 last,
        uint96 faults
    ) internal pure returns (uint32 next, uint32 charged) {
        uint32 added = faults > type(uint32).max ? type(uint32).max : uint32(faults);
        if (last < faultEpoch) {
            next = sum(score, forgiven(terms, added, faultEpoch - last));
            return (next, added);
        }
        uint256 clean = first > faultEpoch ? first - faultEpoch - 1 : 0;
        next = sum(forgiven(terms, score, clean), added);
        return (next, next);
    }

    /// @notice The share of `amount` at a score, rounded up: nobody is let off for a small bond.
    function shareOf(BondTerms memory terms, uint32 score, uint128 amount) internal pure returns (uint128) {
        uint256 bps;
        for (uint256 i; i < 4 && terms.scores[i] <= score; ++i) {
            bps = terms.bps[i];
        }
        return uint128((uint256(amount) * bps + WHOLE_BPS - 1) / WHOLE_BPS);
    }

    function sum(uint32 a, uint32 b) private pure returns (uint32) {
        return a > type(uint32).max - b ? type(uint32).max : a + b;
    }
}
