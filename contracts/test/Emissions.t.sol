// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";

import {ExponentialDecay} from "../src/ExponentialDecay.sol";
import {FixedEmission} from "../src/FixedEmission.sol";
import {SimpleMinting} from "../src/SimpleMinting.sol";
import {IEmission, ScheduleOutOfBounds} from "../src/interfaces/IEmission.sol";
import {ExpNeg} from "../src/libraries/ExpNeg.sol";

/// @notice The schedules against specs/vectors/economics.json, which packages/economics writes, and against their definitions.
contract EmissionsTest is Test {
    uint256 private constant TOTAL_MAX = type(uint96).max;

    string private json = vm.readFile("specs/vectors/economics.json");

    // ---- vectors

    function test_Vectors_FixedHalving() external {
        for (uint256 i; isThere("fixedHalving", i); ++i) {
            string memory k = item("fixedHalving", i);
            assertRow(
                k,
                new FixedEmission(
                    uint128(number(k, "perEpoch")),
                    uint32(number(k, "halvingEpochs")),
                    uint32(number(k, "maxHalvings"))
                )
            );
        }
    }

    function test_Vectors_ExponentialDecay() external {
        uint256 seen;
        for (; isThere("exponentialDecay", seen); ++seen) {
            string memory k = item("exponentialDecay", seen);
            assertRow(
                k,
                new ExponentialDecay(
                    uint96(number(k, "perEpoch")),
                    uint64(number(k, "rate.numerator")),
                    uint64(number(k, "rate.denominator")),
                    uint32(number(k, "stepEpochs")),
                    uint32(number(k, "steps"))
                )
            );
        }
        assertGt(seen, 4);
    }

    function test_Vectors_SimpleMinting() external {
        uint256 seen;
        for (; isThere("simpleMinting", seen); ++seen) {
            string memory k = item("simpleMinting", seen);
            assertRow(k, new SimpleMinting(number(k, "asymptote"), number(k, "lambda")));
        }
        assertGt(seen, 3);
    }

    function test_Vectors_ExpNeg() external view {
        uint256 seen;
        for (; isThere("expNeg", seen); ++seen) {
            string memory k = item("expNeg", seen);
            assertEq(ExpNeg.expNeg(text(string.concat(k, ".x"))), text(string.concat(k, ".value")));
        }
        assertGt(seen, 10);
    }

    // ---- decay

    /// @dev Against the definition, step by step.
    function testFuzz_Decay_IsTheSumOfItsEpochs(
        uint96 perEpoch,
        uint64 numerator,
        uint64 denominator,
        uint32 stepEpochs,
        uint32 steps,
        uint32 epoch
    ) external {
        ExponentialDecay schedule = decay(perEpoch, numerator, denominator, stepEpochs % 20, steps % 100);
        epoch = uint32(bound(epoch, 0, 2500));
        uint256 amount = schedule.perEpoch();
        uint256 expected;
        for (uint32 e = 0; e < epoch && e < schedule.stepEpochs() * schedule.steps(); ++e) {
            if (e != 0 && e % schedule.stepEpochs() == 0) {
                amount = amount * schedule.numerator() / schedule.denominator();
            }
            expected += amount;
        }
        assertEq(schedule.cumulative(epoch), expected);
    }

    function testFuzz_Decay_NeverFallsAndStandsStill(
        uint96 perEpoch,
        uint64 numerator,
        uint64 denominator,
        uint32 stepEpochs,
        uint32 steps,
        uint32 a,
        uint32 b
    ) external {
        ExponentialDecay schedule = decay(perEpoch, numerator, denominator, stepEpochs, steps);
        assertSchedule(schedule, a, b);
        uint256 end = uint256(schedule.stepEpochs()) * schedule.steps();
        if (end > type(uint32).max) return;
        assertEq(schedule.cumulative(uint32(end)), schedule.total());
        assertEq(schedule.cumulative(type(uint32).max), schedule.total());
    }

    function test_Decay_ByAHalfIsHalving() external {
        ExponentialDecay schedule = new ExponentialDecay(1e22, 1, 2, 10, 20);
        FixedEmission halving = new FixedEmission(1e22, 10, 19);
        for (uint32 epoch = 0; epoch < 210; ++epoch) {
            assertEq(schedule.cumulative(epoch), halving.cumulative(epoch));
        }
    }

    function test_RevertWhen_DecayIsOutOfBounds() external {
        expectOutOfBounds("perEpoch", 0, 1, TOTAL_MAX);
        new ExponentialDecay(0, 1, 2, 1, 1);
        expectOutOfBounds("denominator", 0, 1, type(uint64).max);
        new ExponentialDecay(1, 0, 0, 1, 1);
        expectOutOfBounds("numerator", 2, 0, 1);
        new ExponentialDecay(1, 2, 2, 1, 1);
        expectOutOfBounds("stepEpochs", 0, 1, type(uint32).max);
        new ExponentialDecay(1, 1, 2, 0, 1);
        expectOutOfBounds("steps", 0, 1, 1024);
        new ExponentialDecay(1, 1, 2, 1, 0);
        expectOutOfBounds("steps", 1025, 1, 1024);
        new ExponentialDecay(1, 1, 2, 1, 1025);
        expectOutOfBounds("total", TOTAL_MAX * 2, 1, TOTAL_MAX);
        new ExponentialDecay(type(uint96).max, 0, 1, 2, 1);
    }

    // ---- minting

    function testFuzz_Minting_NeverFallsAndStandsStill(uint256 asymptote, uint256 lambda, uint32 a, uint32 b)
        external
    {
        SimpleMinting schedule = minting(asymptote, lambda);
        assertSchedule(schedule, a, b);
        uint256 still = ExpNeg.LARGEST / schedule.lambda();
        if (still > type(uint32).max) return;
        assertEq(schedule.cumulative(uint32(still)), schedule.total());
        assertEq(schedule.cumulative(type(uint32).max), schedule.total());
        assertLe(schedule.total(), schedule.asymptote());
    }

    /// @dev Neighbours, where rounding could show.
    function testFuzz_Minting_NeverFallsFromOneEpochToTheNext(uint256 asymptote, uint256 lambda, uint32 epoch)
        external
    {
        SimpleMinting schedule = minting(asymptote, lambda);
        epoch = uint32(bound(epoch, 0, type(uint32).max - 1));
        assertLe(schedule.cumulative(epoch), schedule.cumulative(epoch + 1));
    }

    function testFuzz_ExpNeg_IsPositiveAndFalls(uint256 x, uint256 more) external pure {
        x = bound(x, 0, ExpNeg.LARGEST);
        more = bound(more, 1 << 64, ExpNeg.LARGEST);
        uint256 value = ExpNeg.expNeg(x);
        assertLe(value, ExpNeg.ONE);
        assertGt(value, ExpNeg.ONE / 149);
        if (x + more <= ExpNeg.LARGEST) assertLe(ExpNeg.expNeg(x + more), value);
    }

    function test_RevertWhen_MintingIsOutOfBounds() external {
        expectOutOfBounds("asymptote", 0, 1, TOTAL_MAX);
        new SimpleMinting(0, 1 << 100);
        expectOutOfBounds("asymptote", TOTAL_MAX + 1, 1, TOTAL_MAX);
        new SimpleMinting(TOTAL_MAX + 1, 1 << 100);
        expectOutOfBounds("lambda", (1 << 64) - 1, 1 << 64, 1 << 127);
        new SimpleMinting(1, (1 << 64) - 1);
        expectOutOfBounds("lambda", (1 << 127) + 1, 1 << 64, 1 << 127);
        new SimpleMinting(1, (1 << 127) + 1);
    }

    // ---- what they share

    function decay(uint96 perEpoch, uint64 numerator, uint64 denominator, uint32 stepEpochs, uint32 steps)
        private
        returns (ExponentialDecay)
    {
        stepEpochs = uint32(bound(stepEpochs, 1, type(uint32).max));
        steps = uint32(bound(steps, 1, 1024));
        perEpoch = uint96(bound(perEpoch, 1, TOTAL_MAX / (uint256(stepEpochs) * steps)));
        denominator = uint64(bound(denominator, 1, type(uint64).max));
        numerator = uint64(bound(numerator, 0, denominator - 1));
        return new ExponentialDecay(perEpoch, numerator, denominator, stepEpochs, steps);
    }

    function minting(uint256 asymptote, uint256 lambda) private returns (SimpleMinting) {
        // Orders of magnitude, rather than numbers that are nearly all huge.
        lambda = bound(lambda, 1 << 64, 1 << (64 + lambda % 64));
        return new SimpleMinting(bound(asymptote, 1, TOTAL_MAX), lambda);
    }

    function assertSchedule(IEmission schedule, uint32 a, uint32 b) private view {
        (a, b) = a < b ? (a, b) : (b, a);
        assertEq(schedule.cumulative(0), 0);
        assertLe(schedule.cumulative(a), schedule.cumulative(b));
        assertLe(schedule.cumulative(b), schedule.total());
        assertLe(schedule.total(), TOTAL_MAX);
    }

    function assertRow(string memory k, IEmission schedule) private view {
        assertEq(schedule.total(), text(string.concat(k, ".total")));
        uint256 seen;
        for (; vm.keyExistsJson(json, entry(k, ".epochs", seen)); ++seen) {
            assertEq(
                schedule.cumulative(uint32(text(entry(k, ".epochs", seen)))),
                text(entry(k, ".cumulative", seen))
            );
        }
        assertGt(seen, 2);
    }

    function expectOutOfBounds(string memory parameter, uint256 given, uint256 least, uint256 most) private {
        vm.expectRevert(abi.encodeWithSelector(ScheduleOutOfBounds.selector, parameter, given, least, most));
    }

    function isThere(string memory list, uint256 i) private view returns (bool) {
        return vm.keyExistsJson(json, item(list, i));
    }

    function item(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(i), "]");
    }

    function entry(string memory k, string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(k, list, "[", vm.toString(i), "]");
    }

    function number(string memory k, string memory parameter) private view returns (uint256) {
        return text(string.concat(k, ".parameters.", parameter));
    }

    function text(string memory key) private view returns (uint256) {
        return vm.parseUint(vm.parseJsonString(json, key));
    }
}

/// @notice What a question costs at worst, from cold and without what its transaction costs: contracts/snapshots/emission.json.
/// forge-config: default.isolate = true
contract EmissionGasTest is Test {
    function test_gas_Cumulative() external {
        FixedEmission halving = new FixedEmission(type(uint64).max, 1, 127);
        uint256 before = gasleft();
        ExponentialDecay decay = new ExponentialDecay(1e22, 999, 1000, 7, 1024);
        vm.snapshotValue("emission", "deploy decay of 1 024 steps", before - gasleft());
        SimpleMinting minting = new SimpleMinting(1e27, 1 << 100);
        halving.cumulative(127);
        vm.snapshotGasLastCall("emission", "halving, after 127 halvings");
        decay.cumulative(7 * 1024 - 1);
        vm.snapshotGasLastCall("emission", "decay, last of 1 024 steps");
        minting.cumulative((5 << 28) - 1);
        vm.snapshotGasLastCall("emission", "minting, near the end of its range");
    }
}
