// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {FixedEmission} from "../src/FixedEmission.sol";
import {IBudgets, Programs, WeightPoint} from "../src/interfaces/IBudgets.sol";
import {ICredits} from "../src/interfaces/ICredits.sol";
import {NetworkConfig} from "../src/interfaces/INetworks.sol";
import {Foundation} from "./Foundation.sol";
import {referenceWeights} from "./ReferenceWeights.sol";

/// @notice Spec 7, Programs: weights that move, runs, and what is bounded by burn. 1000 an epoch less 5 %.
contract BudgetsTest is Foundation {
    function adopt(Programs memory programs) private {
        vm.prank(governor);
        networks.adoptRuleset(network, "two", programs);
    }

    function refuse(Programs memory programs, bytes memory error_) private {
        vm.prank(governor);
        vm.expectRevert(error_);
        networks.adoptRuleset(network, "two", programs);
    }

    function point(uint32 afterEpochs, uint16 a, uint16 b) private pure returns (WeightPoint memory) {
        return WeightPoint(afterEpochs, [a, b, 0, 0]);
    }

    /// @dev Nine parts of coverage to one of usage, and all of usage `length` epochs later.
    function sunset(uint32 length) private pure returns (Programs memory programs) {
        programs.weights = new WeightPoint[](2);
        programs.weights[0] = point(0, 9000, 1000);
        programs.weights[1] = point(length, 0, 10_000);
    }

    function burns(uint8 program, uint256 amount) private {
        vm.mockCall(
            address(credits),
            abi.encodeWithSelector(ICredits.burnedIn.selector, network, program),
            abi.encode(amount)
        );
    }

    // still weights

    function test_budgetOf_default() external view {
        assertEq(budgets.budgetOf(network, 0, 0)[0], 950 ether);
        assertEq(budgets.budgetOf(network, 3, 7)[0], 4750 ether);
        assertEq(budgets.budgetOf(network, 999, 1000)[0], 1425 ether);
        assertEq(budgets.budgetOf(network, 1_000_000, 2_000_000)[0], 0);
        assertEq(budgets.verifierBudgetOf(network, 3, 7), 250 ether);
    }

    function test_budgetOf_behavior_OneProductPerRun() external {
        warpToEpoch(4);
        adopt(weights(6000, 4000, 0, 0));
        warpToEpoch(6);
        adopt(weights(0, 0, 5000, 5000));
        uint128[4] memory budget = budgets.budgetOf(network, 3, 8);
        assertEq(budget[0], 2 * 950 ether + 2 * 570 ether);
        assertEq(budget[1], 2 * 380 ether);
        assertEq(budget[2], 950 ether);
        assertEq(budget[3], 950 ether);
        assertEq(budgets.budgetOf(network, 5, 6)[1], 760 ether);
        assertEq(budgets.budgetOf(network, 7, 7)[1], 0);
    }

    /// @dev Gas of a call of its own: cold slots, and the 21 000 and calldata of a transaction.
    function test_gas_Budgets() external {
        budgets.budgetOf(network, 0, 5000);
        vm.snapshotGasLastCall("budgets", "budgetOf, 1 run");
        adopt(sunset(64 * 20));
        budgets.budgetOf(network, 1, 64 * 20);
        vm.snapshotGasLastCall("budgets", "budgetOf, 64 steps of a line");
        Programs memory programs = sunset(64 * 20);
        programs.returnBps[1] = 10_000;
        adopt(programs);
        budgets.budgetOf(network, 1, 64 * 20);
        vm.snapshotGasLastCall("budgets", "budgetOf, 64 steps, bounded by burn");
    }

    // weights that move

    function test_weightsAt_default() external {
        warpToEpoch(99);
        adopt(sunset(100));
        assertEq(budgets.weightsAt(network, 99)[0], 10_000);
        assertEq(budgets.weightsAt(network, 100)[0], 9000);
        // Two epochs a step.
        assertEq(budgets.weightsAt(network, 101)[0], 9000);
        assertEq(budgets.weightsAt(network, 102)[0], 8820);
        assertEq(budgets.weightsAt(network, 103)[1], 1180);
        assertEq(budgets.weightsAt(network, 199)[0], 180);
        assertEq(budgets.weightsAt(network, 200)[0], 0);
        assertEq(budgets.weightsAt(network, type(uint32).max)[1], 10_000);
        (uint32 fromEpoch, Programs memory programs) = budgets.programsAt(network, 150);
        assertEq(fromEpoch, 100);
        assertEq(keccak256(abi.encode(programs)), keccak256(abi.encode(sunset(100))));
    }

    function test_weightsAt_behavior_AnotherRulesetEndsTheLine() external {
        warpToEpoch(99);
        adopt(sunset(100));
        warpToEpoch(149);
        adopt(weights(0, 0, 0, 10_000));
        assertEq(budgets.weightsAt(network, 149)[0], 4680);
        assertEq(budgets.weightsAt(network, 150)[3], 10_000);
    }

    function test_adoptRuleset_behavior_TheLastWithinAnEpochTakesAllPointsOfTheOneBefore() external {
        warpToEpoch(4);
        adopt(sunset(100));
        adopt(weights(5000, 5000, 0, 0));
        (, Programs memory programs) = budgets.programsAt(network, 5);
        assertEq(programs.weights.length, 1);
        assertEq(budgets.weightsAt(network, 90)[0], 5000);
    }

    /// @dev Every epoch's weights by the formula, its step by counting; a product for each stretch of equal (ruleset, line, step).
    function testFuzz_budgetOf_behavior_IsTheFormula(uint256 seed, uint32 first, uint32 last) external {
        FixedEmission odd = new FixedEmission(uint128(1 + seed % 1e6), uint32(1 + (seed >> 20) % 90), 3);
        NetworkConfig memory c = config();
        (c.emission, c.verifierShareBps) = (odd, uint16((seed >> 40) % 10_001));
        network = networks.create(c, "odd", RULESET, _path(seed));
        for (uint32 i = 0; i < 3; ++i) {
            uint256 salt = uint256(keccak256(abi.encode(seed, i)));
            warpToEpoch(uint32(i * 60 + salt % 60));
            adopt(_path(salt));
        }
        first = uint32(bound(first, 0, 200));
        last = uint32(bound(last, first, first + 100));
        uint256[4] memory expected;
        uint32 start = first;
        for (uint32 e = first; e <= last; ++e) {
            (bytes32 step, uint256[4] memory weightsBps) = _reference(e);
            if (e < last) {
                (bytes32 next,) = _reference(e + 1);
                if (next == step) continue;
            }
            uint256 given = _net(odd, e + 1, c.verifierShareBps) - _net(odd, start, c.verifierShareBps);
            for (uint256 p = 0; p < 4; ++p) {
                expected[p] += given * weightsBps[p] / 10_000;
            }
            start = e + 1;
        }
        uint128[4] memory budget = budgets.budgetOf(network, first, last);
        uint256 sum = budgets.verifierBudgetOf(network, first, last);
        for (uint256 p = 0; p < 4; ++p) {
            assertEq(budget[p], expected[p]);
            sum += budget[p];
        }
        assertLe(sum, odd.cumulative(last + 1) - odd.cumulative(first));
    }

    /// @dev One to four points within 150 epochs, some programs without weight.
    function _path(uint256 seed) private pure returns (Programs memory programs) {
        programs.weights = new WeightPoint[](1 + seed % 4);
        uint32 at;
        for (uint256 i = 0; i < programs.weights.length; ++i) {
            uint256 salt = uint256(keccak256(abi.encode(seed, "point", i)));
            uint16 a = uint16(salt % 10_001);
            uint16 b = salt >> 20 & 1 == 0 ? 10_000 - a : uint16((salt >> 21) % (10_001 - a));
            uint16 rest = 10_000 - a - b;
            programs.weights[i] =
                WeightPoint(at, salt >> 60 & 1 == 0 ? [a, b, rest, 0] : [rest, a, 0, b]);
            at += uint32(1 + (salt >> 80) % 150);
        }
    }

    function _reference(uint32 epoch) private view returns (bytes32 step, uint256[4] memory weightsBps) {
        (uint32 fromEpoch, Programs memory programs) = budgets.programsAt(network, epoch);
        (step, weightsBps) = referenceWeights(programs, epoch - fromEpoch);
        step = keccak256(abi.encode(fromEpoch, step));
    }

    function _net(FixedEmission schedule, uint32 epoch, uint256 shareBps) private view returns (uint256) {
        return schedule.cumulative(epoch) - schedule.cumulative(epoch) * shareBps / 10_000;
    }

    /// @dev The worst one ruleset has: seven lines of 64 steps, all within one range.
    function test_budgetOf_behavior_OneRulesetIsNeverCutShort() external {
        Programs memory programs;
        programs.weights = new WeightPoint[](8);
        for (uint32 i = 0; i < 8; ++i) {
            programs.weights[i] = i % 2 == 0 ? point(i * 6400, 10_000, 0) : point(i * 6400, 0, 10_000);
        }
        adopt(programs);
        uint256 before = gasleft();
        uint128[4] memory budget = budgets.budgetOf(network, 1, 1_000_000);
        vm.snapshotGasLastCall("budgets", "budgetOf, 449 runs");
        assertLt(before - gasleft(), 1 << 23);
        assertApproxEqAbs(budget[0] + budget[1], emission.cumulative(1_000_001) * 95 / 100 - 950 ether, 900);
    }

    /// @dev A range without a budget would be one that can never be settled.
    function test_budgetOf_behavior_ManyRulesetsEndInOneRun() external {
        for (uint32 epoch = 0; epoch < 600; ++epoch) {
            warpToEpoch(epoch);
            adopt(epoch % 2 == 0 ? weights(10_000, 0, 0, 0) : weights(0, 10_000, 0, 0));
        }
        // Runs 1 to 511 are the epochs 1 to 511, in turn; the 512th is what is left, as in epoch 512.
        uint256 before = gasleft();
        uint128[4] memory budget = budgets.budgetOf(network, 1, 700);
        assertLt(before - gasleft(), 1 << 23);
        assertEq(budget[0], 256 * 950 ether);
        assertEq(budget[1], (255 + 189) * 950 ether);
        assertEq(budgets.budgetOf(network, 512, 512)[1], 950 ether);
    }

    function test_adoptRuleset_error_Weights() external {
        Programs memory programs = sunset(100);
        programs.weights[1].weightsBps[3] = 1;
        refuse(programs, abi.encodeWithSelector(IBudgets.WeightsNotWhole.selector, 1, 10_001));
        programs = weights(10_000, 65_535, 1, 0);
        refuse(programs, abi.encodeWithSelector(IBudgets.WeightsNotWhole.selector, 0, 75_536));
        programs = sunset(0);
        refuse(programs, abi.encodeWithSelector(IBudgets.WeightsOutOfOrder.selector, 1, 0));
        programs = sunset(100);
        programs.weights[0].afterEpochs = 1;
        refuse(programs, abi.encodeWithSelector(IBudgets.WeightsOutOfOrder.selector, 0, 1));
        programs.weights = new WeightPoint[](0);
        refuse(programs, abi.encodeWithSelector(IBudgets.WeightCountInvalid.selector, 0, 8));
        programs.weights = new WeightPoint[](9);
        refuse(programs, abi.encodeWithSelector(IBudgets.WeightCountInvalid.selector, 9, 8));
        programs = sunset(100);
        programs.returnBps[2] = 10_001;
        refuse(programs, abi.encodeWithSelector(IBudgets.ReturnTooLarge.selector, 2, 10_001));
    }

    function test_error_NotNetworks() external {
        bytes memory refusal = abi.encodeWithSelector(IBudgets.NotNetworks.selector, address(this));
        vm.expectRevert(refusal);
        budgets.open(network, emission, 0);
        vm.expectRevert(refusal);
        budgets.adopt(network, 0, weights(10_000, 0, 0, 0));
    }

    // bounded by burn

    function test_budgetOf_behavior_ABoundedProgramPaysNoMoreThanWasBurned() external {
        warpToEpoch(4);
        Programs memory programs = weights(5000, 5000, 0, 0);
        programs.returnBps[1] = 8000;
        adopt(programs);
        assertEq(budgets.budgetOf(network, 5, 6)[0], 950 ether);
        assertEq(budgets.budgetOf(network, 5, 6)[1], 0);
        burns(1, 100 ether);
        assertEq(budgets.budgetOf(network, 5, 6)[0], 950 ether);
        assertEq(budgets.budgetOf(network, 5, 6)[1], 80 ether);
        burns(1, 10_000 ether);
        assertEq(budgets.budgetOf(network, 5, 6)[1], 950 ether);
    }

    /// @dev Each ruleset's bound is over its own part of the range, and asks for the burn of those epochs alone.
    function test_budgetOf_behavior_TheBoundIsPerRuleset() external {
        Programs memory programs = weights(0, 10_000, 0, 0);
        warpToEpoch(4);
        programs.returnBps[1] = 10_000;
        adopt(programs);
        warpToEpoch(9);
        programs.returnBps[1] = 5000;
        adopt(programs);
        _burnIn(5, 9, 70 ether);
        _burnIn(10, 12, 100 ether);
        assertEq(budgets.budgetOf(network, 3, 12)[1], 70 ether + 50 ether);
        assertEq(budgets.budgetOf(network, 3, 12)[0], 2 * 950 ether);
    }

    function _burnIn(uint32 first, uint32 last, uint256 amount) private {
        vm.mockCall(
            address(credits),
            abi.encodeCall(ICredits.burnedIn, (network, 1, first, last)),
            abi.encode(amount)
        );
    }
}
