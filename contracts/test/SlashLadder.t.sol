// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";

import {BondTerms} from "../src/interfaces/IOperatorBonds.sol";
import {SlashLadder} from "../src/libraries/SlashLadder.sol";

contract SlashLadderTest is Test {
    struct Standing {
        uint32 score;
        uint32 faultEpoch;
        uint128 amount;
    }

    function terms() internal pure returns (BondTerms memory t) {
        t.forgiveEpochs = 10;
        t.scores = [uint32(2), 5, 10, 20];
        t.bps = [uint16(100), 1_000, 2_500, 10_000];
    }

    function execute(Standing memory s, uint32 first, uint32 last, uint96 faults) internal pure {
        uint32 charged;
        (s.score, charged) = SlashLadder.raise(terms(), s.score, s.faultEpoch, first, last, faults);
        if (last > s.faultEpoch) s.faultEpoch = last;
        s.amount -= SlashLadder.shareOf(terms(), charged, s.amount);
    }

    function test_default_FaultsAddUpAndCleanEpochsForgive() external pure {
        Standing memory s = Standing(0, 0, 10_000);
        execute(s, 3, 3, 1);
        assertEq(s.amount, 10_000, "below the first step: a warning");
        execute(s, 4, 5, 1);
        assertEq(s.score, 2);
        assertEq(s.amount, 9_900);
        // 6 … 25 are clean: twenty epochs forgive two.
        execute(s, 26, 26, 5);
        assertEq(s.score, 5);
        assertEq(s.amount, 8_910);
        // Nineteen forgive one.
        execute(s, 46, 46, 6);
        assertEq(s.score, 10);
        assertEq(s.amount, 6_682, "rounded up against the operator");
        execute(s, 47, 47, type(uint96).max);
        assertEq(s.score, type(uint32).max);
        assertEq(s.amount, 0, "the last step takes it all");
    }

    function test_behavior_AnOlderRootIsChargedByItsOwnFaults() external pure {
        Standing memory s = Standing(0, 0, 10_000);
        execute(s, 30, 30, 5);
        assertEq(s.amount, 9_000);
        execute(s, 0, 9, 3);
        assertEq(s.amount, 8_910, "the share of 3, not of 8");
        assertEq(s.score, 6, "two of the three are forgiven by 30");
        assertEq(s.faultEpoch, 30);
    }

    /// @notice Whoever executes roots can not make it dearer by the order.
    function testFuzz_behavior_NoOrderCostsMoreThanThatOfEpochs(uint256 seed) external pure {
        uint256 count = 2 + seed % 4;
        uint32[2][] memory ranges = new uint32[2][](count);
        uint96[] memory faults = new uint96[](count);
        uint32 next;
        for (uint256 i; i < count; ++i) {
            uint256 word = uint256(keccak256(abi.encode(seed, i)));
            ranges[i][0] = next + uint32(word % 40);
            ranges[i][1] = ranges[i][0] + uint32((word >> 32) % 3);
            next = ranges[i][1] + 1;
            faults[i] = uint96(1 + (word >> 64) % 9);
        }
        Standing memory inOrder = Standing(0, 0, 1e12);
        for (uint256 i; i < count; ++i) {
            execute(inOrder, ranges[i][0], ranges[i][1], faults[i]);
        }
        Standing memory shuffled = Standing(0, 0, 1e12);
        for (uint256 left = count; left > 0; --left) {
            uint256 pick = uint256(keccak256(abi.encode(seed, "pick", left))) % left;
            execute(shuffled, ranges[pick][0], ranges[pick][1], faults[pick]);
            (ranges[pick], faults[pick]) = (ranges[left - 1], faults[left - 1]);
        }
        assertLe(shuffled.score, inOrder.score);
        // Each share is rounded up by less than one.
        assertGe(shuffled.amount + count, inOrder.amount);
    }
}
