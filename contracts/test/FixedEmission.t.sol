// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";
import {FixedEmission} from "../src/FixedEmission.sol";
import {IFixedEmission} from "../src/interfaces/IFixedEmission.sol";

contract FixedEmissionTest is Test {
    function test_default_Halves() external {
        FixedEmission emission = new FixedEmission(100, 10, 2);
        assertEq(emission.cumulative(0), 0);
        assertEq(emission.cumulative(1), 100);
        assertEq(emission.cumulative(10), 1000);
        assertEq(emission.cumulative(11), 1050);
        assertEq(emission.cumulative(20), 1500);
        assertEq(emission.cumulative(29), 1725);
        assertEq(emission.cumulative(30), 1750);
        assertEq(emission.cumulative(31), 1750);
        assertEq(emission.cumulative(type(uint32).max), 1750);
        assertEq(emission.total(), 1750);
    }

    function test_behavior_NoHalvingIsConstantForOneStretch() external {
        FixedEmission emission = new FixedEmission(7, 100, 0);
        assertEq(emission.cumulative(99), 693);
        assertEq(emission.cumulative(100), 700);
        assertEq(emission.cumulative(101), 700);
    }

    /// @dev Against the definition: the sum over epochs of perEpoch, halved as often as `halvingEpochs` went by.
    function testFuzz_behavior_IsTheSumOfItsEpochs(
        uint128 perEpoch,
        uint32 halvingEpochs,
        uint32 maxHalvings,
        uint32 epoch
    ) external {
        perEpoch = uint128(bound(perEpoch, 1, 1e24));
        halvingEpochs = uint32(bound(halvingEpochs, 1, 50));
        maxHalvings = uint32(bound(maxHalvings, 0, 127));
        epoch = uint32(bound(epoch, 0, 300));
        FixedEmission emission = new FixedEmission(perEpoch, halvingEpochs, maxHalvings);
        uint256 expected;
        for (uint32 e = 0; e < epoch; ++e) {
            uint256 halvings = e / halvingEpochs;
            if (halvings <= maxHalvings) expected += perEpoch >> halvings;
        }
        assertEq(emission.cumulative(epoch), expected);
    }

    function testFuzz_behavior_NeverFallsAndStaysBelowTotal(
        uint128 perEpoch,
        uint32 halvingEpochs,
        uint32 maxHalvings,
        uint32 a,
        uint32 b
    ) external {
        perEpoch = uint128(bound(perEpoch, 1, type(uint64).max));
        halvingEpochs = uint32(bound(halvingEpochs, 1, type(uint32).max / 2));
        maxHalvings = uint32(bound(maxHalvings, 0, 127));
        (a, b) = a < b ? (a, b) : (b, a);
        try new FixedEmission(perEpoch, halvingEpochs, maxHalvings) returns (FixedEmission emission) {
            assertLe(emission.cumulative(a), emission.cumulative(b));
            assertLe(emission.cumulative(b), emission.total());
            assertEq(emission.cumulative(0), 0);
        } catch (bytes memory reason) {
            assertEq(bytes4(reason), IFixedEmission.ScheduleTooLarge.selector);
        }
    }

    function test_error_TooLarge() external {
        new FixedEmission(type(uint96).max, 1, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IFixedEmission.ScheduleTooLarge.selector, 1 << 96, type(uint96).max)
        );
        new FixedEmission(1 << 96, 1, 0);
    }

    function test_error_Invalid() external {
        vm.expectRevert(abi.encodeWithSelector(IFixedEmission.ScheduleInvalid.selector, 0, 1, 0));
        new FixedEmission(0, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IFixedEmission.ScheduleInvalid.selector, 1, 0, 0));
        new FixedEmission(1, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IFixedEmission.ScheduleInvalid.selector, 1, 1, 128));
        new FixedEmission(1, 1, 128);
    }
}
