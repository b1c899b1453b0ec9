// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IStake, Role} from "../interfaces/IStake.sol";
import {NetworkId} from "../types/NetworkId.sol";

/// @notice Two thirds of the verifiers' weight. Votes are counted again each time with what the voters still have at stake:
///         a slashed voter leaves numerator and denominator together, or a minority would pass on the votes of the slashed.
library Quorum {
    /// @param voters as many as had weight in the snapshot of `epoch`
    function reached(IStake stake, NetworkId network, uint32 epoch, address[] storage voters)
        internal
        view
        returns (bool)
    {
        uint256 votes;
        for (uint256 i; i < voters.length; ++i) {
            votes += stake.weightOf(network, Role.Verifier, voters[i], epoch);
        }
        return votes > 0 && 3 * votes >= 2 * uint256(stake.totalWeight(network, Role.Verifier, epoch));
    }
}
