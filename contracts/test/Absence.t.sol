// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Role} from "../src/interfaces/IStake.sol";
import {SettlementWorld} from "./SettlementWorld.sol";

/// @notice Long absence decays a verifier's weight: halved for every 24 accepted roots that it missed, six times at most.
contract AbsenceTest is SettlementWorld {
    /// @dev The accepted head's draft, encoded: a Draft does not go into storage.
    bytes private head;
    uint32 private epoch;

    function setUp() public override {
        super.setUp();
        sealEvidence();
        warpToAttesting(0);
        Draft memory first = honestDraft();
        attestBy(0, first);
        attestBy(1, first);
        head = abi.encode(first);
    }

    /// @dev `count` more roots, accepted by the first two of the three verifiers.
    function acceptWithoutTheThird(uint256 count) private {
        for (uint256 i = 0; i < count; ++i) {
            Draft memory d = next();
            attestBy(0, d);
            attestBy(1, d);
            assertEq(settlement.head(network), idOf(d), "two of three are a quorum");
            head = abi.encode(d);
        }
    }

    function next() private returns (Draft memory) {
        warpToAttesting(++epoch);
        return idleChild(headDraft(), epoch);
    }

    function headDraft() private view returns (Draft memory) {
        return abi.decode(head, (Draft));
    }

    function weightOf(uint256 verifier) private view returns (uint128) {
        return stake.weightOf(network, Role.Verifier, verifiers[verifier], epoch);
    }

    function test_default_WeightHalvesForEvery24RootsMissed() external {
        acceptWithoutTheThird(22);
        assertEq(weightOf(2), 200 ether, "23 missed");
        acceptWithoutTheThird(1);
        assertEq(weightOf(2), 100 ether, "24 missed");
        assertEq(weightOf(0), 200 ether);
        assertEq(stake.totalWeight(network, Role.Verifier, epoch), 500 ether);
        acceptWithoutTheThird(24);
        assertEq(weightOf(2), 50 ether, "48 missed");
    }

    function test_behavior_SomethingIsAlwaysLeft() external {
        vm.startPrank(address(settlement));
        for (uint256 i = 0; i < 1_000; ++i) {
            stake.rootAccepted(network);
        }
        assertEq(weightOf(2), 200 ether >> 6);
    }

    function test_behavior_WhoStaysCarriesOn() external {
        vm.startPrank(address(settlement));
        for (uint256 i = 0; i < 48; ++i) {
            stake.rootAccepted(network);
        }
        vm.stopPrank();
        Draft memory d = next();
        attestBy(0, d);
        assertEq(settlement.head(network), idOf(d), "200 of 200 + 50 + 50 is two thirds");
    }

    function test_behavior_AnAttestationEndsTheAbsence() external {
        acceptWithoutTheThird(30);
        Draft memory d = next();
        attestBy(2, d);
        assertEq(weightOf(2), 200 ether);
        assertEq(settlement.recordOf(idOf(d)).votes, 200 ether);
        attestBy(0, d);
        assertEq(settlement.head(network), idOf(d));
    }

    function test_behavior_JoiningAnAcceptedRootCounts() external {
        acceptWithoutTheThird(30);
        attestBy(2, headDraft());
        assertEq(weightOf(2), 200 ether);
        acceptWithoutTheThird(23);
        assertEq(weightOf(2), 200 ether);
    }

    /// @dev Or a third of the weight, with an ingest that withholds its evidence, would wait until the others are gone.
    function test_behavior_RootsWithoutAQuorumCountForNobody() external {
        for (uint256 i = 0; i < 60; ++i) {
            attestBy(0, next());
        }
        assertEq(weightOf(1), 200 ether);
        assertEq(weightOf(2), 200 ether);
    }

    function test_behavior_ANewcomerWasNotAbsent() external {
        acceptWithoutTheThird(40);
        address newcomer = makeAddr("newcomer");
        fund(newcomer, address(stake));
        deposit(Role.Verifier, newcomer, 200 ether);
        uint32 later = epoch + 100;
        assertEq(stake.weightOf(network, Role.Verifier, newcomer, later), 200 ether);
        assertEq(weightOf(2), 100 ether);
    }

    function test_behavior_IngestsAreNeverAbsent() external {
        uint128 before = stake.weightOf(network, Role.Ingest, ingest, 0);
        assertGt(before, 0);
        acceptWithoutTheThird(30);
        assertEq(stake.weightOf(network, Role.Ingest, ingest, epoch), before);
    }
}
