// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Programs, WeightPoint} from "../src/interfaces/IBudgets.sol";

/// @notice Spec 7's weights `t` epochs after a ruleset came into force, worked out another way than WeightLines does: each program from its own end of the line.
/// @return step which line and which of its steps it is: a run ends where this changes
function referenceWeights(Programs memory programs, uint256 t)
    pure
    returns (bytes32 step, uint256[4] memory weightsBps)
{
    uint256 line = programs.weights.length - 1;
    while (programs.weights[line].afterEpochs > t) --line;
    WeightPoint memory from = programs.weights[line];
    bool still = line + 1 == programs.weights.length;
    WeightPoint memory to = programs.weights[still ? line : line + 1];
    uint256 length = still ? 1 : to.afterEpochs - from.afterEpochs;
    t = still ? 0 : t - from.afterEpochs;
    t -= t % (length % 64 == 0 ? length / 64 : length / 64 + 1);
    uint256 rest = 10_000;
    uint256 last;
    for (uint256 p = 0; p < 4; ++p) {
        (uint256 a, uint256 b) = (from.weightsBps[p], to.weightsBps[p]);
        weightsBps[p] = a <= b ? a + (b - a) * t / length : a - ((a - b) * t + length - 1) / length;
        rest -= weightsBps[p];
        if (a + b > 0) last = p;
    }
    weightsBps[last] += rest;
    step = keccak256(abi.encode(line, t));
}
