// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Programs} from "../src/interfaces/IBudgets.sol";
import {PaymentsWorld} from "./PaymentsWorld.sol";

/// @notice A usage program bounded by what the payments really burn: 70 % of 950 tokens an epoch, of what was burned at most nine tenths. A dollar a token, a quarter to sellers.
contract BudgetsBurnTest is PaymentsWorld {
    uint128 private _cumulative;

    function setUp() public override {
        super.setUp();
        Programs memory programs = still([uint16(7_000), 3_000, 0, 0]);
        programs.returnBps[0] = 9_000;
        vm.prank(governor);
        networks.adoptRuleset(network, "bounded", programs);
        buy(1000 * USD);
    }

    function spend(uint8 program, uint128 usd) private {
        price(1e8);
        _cumulative += usd * USD;
        redeem(voucher(program, _cumulative), PAYER_KEY, _cumulative);
    }

    function epoch() private view returns (uint32) {
        return networks.timelineOf(network).epochAt(block.timestamp);
    }

    function goTo(uint32 e) private {
        vm.warp(GENESIS + uint256(e) * EPOCH);
    }

    function test_budgetOf_default_IsWhatWasBurnedInTheseEpochs() external {
        uint32 e = epoch() + 1;
        goTo(e);
        spend(0, 100);
        goTo(e + 1);
        spend(0, 40);
        assertEq(credits.burnedIn(network, 0, e, e), 75 ether);
        assertEq(credits.burnedIn(network, 0, e, e + 1), 105 ether);
        assertEq(credits.burnedIn(network, 0, 0, type(uint32).max), 105 ether);
        assertEq(credits.burnedIn(network, 1, 0, type(uint32).max), 0);
        assertEq(budgets.budgetOf(network, e, e)[0], 67.5 ether);
        assertEq(budgets.budgetOf(network, e, e + 5)[0], 94.5 ether);
        assertEq(budgets.budgetOf(network, e + 2, e + 5)[0], 0);
        assertEq(budgets.budgetOf(network, e, e)[1], 285 ether);
    }

    /// @dev A root is attested after its last epoch has ended: by then nobody can move what it is checked against.
    function testFuzz_budgetOf_behavior_OfEndedEpochsNeverChanges(uint256 seed) external {
        uint32 e = epoch() + 1;
        goTo(e);
        for (uint256 i; i < 6; ++i) {
            spend(0, uint128(1 + (seed >> (i * 8)) % 80));
            goTo(e + uint32(i + 1));
            uint128[4] memory before = budgets.budgetOf(network, e, e + uint32(i));
            spend(0, uint128(1 + (seed >> (100 + i * 8)) % 80));
            _govern(seed >> i);
            assertEq(
                keccak256(abi.encode(budgets.budgetOf(network, e, e + uint32(i)))),
                keccak256(abi.encode(before))
            );
            assertLe(before[0], credits.burnedIn(network, 0, e, e + uint32(i)) * 9 / 10);
            assertLe(before[0], (i + 1) * 665 ether);
        }
    }

    /// @dev Whatever governance does acts from the next epoch on.
    function _govern(uint256 seed) private {
        Programs memory programs = still([uint16(7_000), 3_000, 0, 0]);
        if (seed % 3 == 0) programs = still([uint16(0), 10_000, 0, 0]);
        programs.returnBps[0] = 9_000;
        vm.prank(governor);
        networks.adoptRuleset(network, "another", programs);
    }
}
