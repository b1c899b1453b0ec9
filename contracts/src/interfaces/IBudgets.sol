// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";
import {IEmission} from "./IEmission.sol";

/// @notice The weights of the four programs at one epoch of a ruleset.
struct WeightPoint {
    uint32 afterEpochs; // after the first epoch in which the ruleset is in force
    uint16[4] weightsBps; // sum to 10 000
}

/// @notice How a ruleset divides emission over its reward programs. Spec 7, Programs.
struct Programs {
    WeightPoint[] weights; // 1 to 8, the first at 0, ascending; straight lines between them
    uint16[4] returnBps; // of what Credits burned for the program, the most it may pay; 0: not bounded
}

/// @notice What a network's reward programs may pay for a range of epochs: emission, less the verifiers' share, by weights that move; a usage program's part at most what was
///         burned for it. Everybody reads it here; nobody recomputes it. The budget of epochs that have ended never changes.
interface IBudgets {
    error NotNetworks(address caller);
    error WeightCountInvalid(uint256 given, uint256 maximum);
    error WeightsNotWhole(uint256 place, uint256 sumBps);
    /// @dev The first point is not at 0, or a point is not after the one before.
    error WeightsOutOfOrder(uint256 place, uint32 afterEpochs);
    error ReturnTooLarge(uint256 program, uint256 returnBps);

    /// @notice Networks only: the schedule that a new network's budgets are made of.
    function open(NetworkId network, IEmission emission, uint16 verifierShareBps) external;
    /// @notice Networks only: the programs of the ruleset that acts from `fromEpoch` on. A second one from the same epoch takes the first one's place.
    function adopt(NetworkId network, uint32 fromEpoch, Programs calldata programs) external;

    /// @notice The programs of the ruleset in force in `epoch`, and since when it is.
    function programsAt(NetworkId network, uint32 epoch)
        external
        view
        returns (uint32 fromEpoch, Programs memory programs);
    function weightsAt(NetworkId network, uint32 epoch) external view returns (uint16[4] memory weightsBps);
    /// @notice What first..last give each program, before rollover and after the verifiers' share (spec 4: one product per run).
    /// @dev At most 512 runs: the 512th goes on to the end of the range, so that there is no range without a budget.
    function budgetOf(NetworkId network, uint32 first, uint32 last)
        external
        view
        returns (uint128[4] memory perProgram);
    /// @notice The verifiers' share of the emission of first..last.
    function verifierBudgetOf(NetworkId network, uint32 first, uint32 last) external view returns (uint128);
}
