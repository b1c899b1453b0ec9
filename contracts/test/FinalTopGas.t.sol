// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SettlementWorld} from "./SettlementWorld.sol";

/// @notice What the vault pays to ask the real settlement about a root. Gas measures claims against a stub that answers out of one cold slot, for 2 559.
contract FinalTopGasTest is SettlementWorld {
    function test_gas_FinalTop() external {
        (, bytes32 id) = acceptHonest();
        vm.warp(block.timestamp + CHALLENGE);
        settlement.finalise(id);
        vm.cool(address(settlement));
        bytes32 top = settlement.finalTop(network, id);
        uint256 gas = vm.snapshotGasLastCall("Gas", "finalTop, cold");
        assertEq(top, settlement.recordOf(id).payoutTop);
        // The first claim on a root is 92 306 with the stub; the budget with the settlement is 94 317.
        assertLe(gas, 2_559 + 94_317 - 92_306);
    }
}
