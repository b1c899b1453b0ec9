// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEvidence, Slot} from "../src/interfaces/IEvidence.sol";
import {Role} from "../src/interfaces/IStake.sol";
import {SettlementWorld} from "./SettlementWorld.sol";

contract EvidenceTest is SettlementWorld {
    function commitAs(address who, uint32 epoch) internal returns (uint32) {
        vm.prank(who);
        return evidence.commit(network, epoch, keccak256(abi.encode(who, epoch)), 5, 500);
    }

    function markAs(uint256 verifier, uint32 slot) internal {
        vm.prank(verifiers[verifier]);
        evidence.markUnavailable(network, slot);
    }

    function test_Commit() external {
        warpToSealing(0);
        vm.expectEmit();
        emit IEvidence.EvidenceCommitted(network, 0, ingest, 0, 0, keccak256(abi.encode(ingest, 0)), 5, 500);
        assertEq(commitAs(ingest, 0), 0);
        vm.snapshotGasLastCall("settlement", "commit evidence");
        assertEq(commitAs(otherIngest, 0), 1);
        assertEq(evidence.slotCount(network), 2);
        assertEq(evidence.commitmentOf(network, 0, otherIngest), 2);
        assertEq(evidence.commitmentOf(network, 1, otherIngest), 0);
        assertNotEq(evidence.beaconOf(network, 0), 0);
        Slot memory slot = evidence.slotOf(network, 1);
        assertEq(slot.ingest, otherIngest);
        assertEq(slot.count, 5);
        assertEq(stake.liabilitiesOf(network, Role.Ingest, ingest), 1);
    }

    function test_RevertWhen_NotSealing() external {
        uint256 opensAt = GENESIS + EPOCH;
        uint256 closesAt = opensAt + SEAL + AVAILABILITY + ATTEST;
        vm.warp(opensAt - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IEvidence.NotSealing.selector, 0, opensAt, closesAt, opensAt - 1)
        );
        commitAs(ingest, 0);
        warpToAttestEnd(0);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.NotSealing.selector, 0, opensAt, closesAt, closesAt));
        commitAs(ingest, 0);
    }

    function test_Late_CountsInALaterRootAndCostsATenthOfTheLeastBond() external {
        warpToAvailability(0);
        uint256 supply = token.totalSupply();
        vm.expectEmit();
        emit IEvidence.EvidenceCommitted(network, 0, ingest, 0, 1, keccak256(abi.encode(ingest, 0)), 5, 500);
        commitAs(ingest, 0);
        vm.snapshotGasLastCall("settlement", "commit evidence late");
        Slot memory slot = evidence.slotOf(network, 0);
        assertEq(slot.epoch, 0);
        assertEq(slot.sealedIn, 1);
        assertEq(slot.deferrals, 0);
        assertTrue(evidence.isEvidenceSet(network, 0, 0, 0, 0), "not in the root of its own epoch");
        assertTrue(evidence.isEvidenceSet(network, 0, 1, 1, 1), "in that of the next");
        assertEq(stake.slashableOf(network, Role.Ingest, ingest), 90 ether);
        assertEq(supply - token.totalSupply(), 10 ether, "burned");
        assertEq(stake.liabilitiesOf(network, Role.Ingest, ingest), 1);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.AlreadyCommitted.selector, 0, ingest));
        commitAs(ingest, 0);
    }

    function test_Late_InTheLastSecondAndOneBeforeItIsLate() external {
        vm.warp(GENESIS + EPOCH + SEAL - 1);
        commitAs(ingest, 0);
        assertEq(stake.slashableOf(network, Role.Ingest, ingest), 100 ether);
        warpToAttestEnd(0);
        vm.warp(block.timestamp - 1);
        commitAs(otherIngest, 0);
        assertEq(evidence.slotOf(network, 1).sealedIn, 1);
        assertEq(stake.slashableOf(network, Role.Ingest, otherIngest), 90 ether);
    }

    function test_Late_HasAnAvailabilityPhaseOfItsOwn() external {
        warpToAvailability(0);
        uint32 slot = commitAs(ingest, 0);
        uint256 closesAt = GENESIS + 2 * EPOCH + SEAL + AVAILABILITY;
        vm.expectRevert(
            abi.encodeWithSelector(IEvidence.NotAvailabilityPhase.selector, slot, closesAt, block.timestamp)
        );
        markAs(0, slot);
        warpToAvailability(1);
        markAs(0, slot);
        markAs(1, slot);
        assertTrue(evidence.slotOf(network, slot).skipped);
        assertEq(evidence.slotOf(network, slot + 1).sealedIn, 2);
    }

    /// @dev An outage over two epochs: the price of the first must not make the second, acknowledged under the whole bond, too large to commit.
    function test_Late_CapIsThatOfTheSnapshot() external {
        warpToAvailability(0);
        vm.startPrank(ingest);
        evidence.commit(network, 0, "root", 1000, 1);
        warpToSealing(1);
        // The snapshot of epoch 1 was taken before.
        evidence.commit(network, 1, "root", 1000, 1);
        warpToSealing(2);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.OverCap.selector, 901, 1, 900, 117_964_800));
        evidence.commit(network, 2, "root", 901, 1);
        evidence.commit(network, 2, "root", 900, 1);
        vm.stopPrank();
        assertEq(stake.weightOf(network, Role.Ingest, ingest, 2), 90 ether);
    }

    function test_RevertWhen_NothingIsLeftOfTheBond() external {
        warpToSealing(0);
        vm.prank(address(settlement));
        stake.slashAll(network, Role.Ingest, ingest, address(0));
        vm.expectRevert(abi.encodeWithSelector(IEvidence.NoWeight.selector, ingest));
        commitAs(ingest, 0);
    }

    function test_RevertWhen_CommittedTwice() external {
        warpToSealing(0);
        commitAs(ingest, 0);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.AlreadyCommitted.selector, 0, ingest));
        commitAs(ingest, 0);
    }

    function test_RevertWhen_EmptyOrOverCapOrNobody() external {
        warpToSealing(0);
        vm.startPrank(ingest);
        vm.expectRevert(IEvidence.EmptyCommitment.selector);
        evidence.commit(network, 0, "root", 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.OverCap.selector, 1001, 1, 1000, 131_072_000));
        evidence.commit(network, 0, "root", 1001, 1);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.OverCap.selector, 1, 131_072_001, 1000, 131_072_000));
        evidence.commit(network, 0, "root", 1, 131_072_001);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IEvidence.NoWeight.selector, stranger));
        commitAs(stranger, 0);
    }

    function test_Cap_GrowsWithTheBondOfTheSnapshot() external {
        vm.warp(GENESIS + 1);
        deposit(Role.Ingest, ingest, 50 ether);
        warpToSealing(0);
        vm.startPrank(ingest);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.OverCap.selector, 1500, 1, 1000, 131_072_000));
        evidence.commit(network, 0, "root", 1500, 1);
        vm.stopPrank();
        warpToSealing(1);
        vm.prank(ingest);
        evidence.commit(network, 1, "root", 1500, 1);
    }

    function test_Beacon_IsFixedOnce() external {
        vm.expectRevert(abi.encodeWithSelector(IEvidence.EpochNotStarted.selector, 0, GENESIS));
        evidence.captureBeacon(network, 0);
        vm.warp(GENESIS);
        vm.prevrandao(bytes32(uint256(7)));
        bytes32 beacon = evidence.captureBeacon(network, 0);
        vm.prevrandao(bytes32(uint256(8)));
        assertEq(evidence.captureBeacon(network, 0), beacon);
        assertEq(evidence.beaconOf(network, 0), beacon);
        vm.warp(GENESIS + EPOCH);
        assertNotEq(evidence.captureBeacon(network, 1), beacon);
        vm.prevrandao(bytes32(0));
        vm.warp(GENESIS + 2 * EPOCH);
        assertNotEq(evidence.captureBeacon(network, 2), 0);
    }

    function test_MarkUnavailable_DefersTwiceAndThenDrops() external {
        warpToSealing(0);
        commitAs(ingest, 0);
        warpToAvailability(0);
        markAs(0, 0);
        assertFalse(evidence.slotOf(network, 0).skipped);
        vm.expectEmit();
        emit IEvidence.EvidenceDeferred(network, 0, 1, 1);
        markAs(1, 0);
        Slot memory slot = evidence.slotOf(network, 1);
        assertEq(slot.epoch, 0);
        assertEq(slot.sealedIn, 1);
        assertEq(slot.deferrals, 1);
        assertTrue(evidence.isEvidenceSet(network, 0, 1, 0, 0), "skipped");
        assertTrue(evidence.isEvidenceSet(network, 0, 2, 1, 2));

        warpToAvailability(1);
        markAs(0, 1);
        markAs(1, 1);
        warpToAvailability(2);
        markAs(0, 2);
        vm.expectEmit();
        emit IEvidence.EvidenceDeferred(network, 2, type(uint32).max, 3);
        markAs(1, 2);
        vm.snapshotGasLastCall("settlement", "mark unavailable, dropping");
        assertEq(evidence.slotCount(network), 3);
        assertEq(stake.slashableOf(network, Role.Ingest, ingest), 0);
        assertEq(stake.liabilitiesOf(network, Role.Ingest, ingest), 0);
        assertTrue(evidence.isEvidenceSet(network, 0, 3, 2, 0));
        assertEq(evidence.commitmentOf(network, 0, ingest), 1, "it was committed all the same");
    }

    function test_RevertWhen_MarkIsOutOfPlace() external {
        vm.expectRevert(abi.encodeWithSelector(IEvidence.SlotUnknown.selector, 0));
        markAs(0, 0);
        warpToSealing(0);
        commitAs(ingest, 0);
        uint256 closesAt = GENESIS + EPOCH + SEAL + AVAILABILITY;
        vm.expectRevert(
            abi.encodeWithSelector(IEvidence.NotAvailabilityPhase.selector, 0, closesAt, block.timestamp)
        );
        markAs(0, 0);
        warpToAvailability(0);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.NoWeight.selector, stranger));
        vm.prank(stranger);
        evidence.markUnavailable(network, 0);
        markAs(0, 0);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.AlreadyVoted.selector, 0, verifiers[0]));
        markAs(0, 0);
        markAs(1, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IEvidence.NotAvailabilityPhase.selector, 0, closesAt, block.timestamp)
        );
        markAs(2, 0);
        vm.warp(closesAt + EPOCH);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEvidence.NotAvailabilityPhase.selector, 1, closesAt + EPOCH, block.timestamp
            )
        );
        markAs(2, 1);
    }

    function test_Release() external {
        warpToSealing(0);
        commitAs(ingest, 0);
        uint256 at = GENESIS + EPOCH + SEAL + CHALLENGE;
        vm.expectRevert(abi.encodeWithSelector(IEvidence.SlotUnknown.selector, 1));
        evidence.release(network, 1);
        vm.warp(at - 1);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.ReleaseTooEarly.selector, 0, at, at - 1));
        evidence.release(network, 0);
        vm.warp(at);
        evidence.release(network, 0);
        assertEq(stake.liabilitiesOf(network, Role.Ingest, ingest), 0);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.NothingToRelease.selector, 0));
        evidence.release(network, 0);
    }

    function test_Release_IsForTheLastSlotOfACommitment() external {
        warpToSealing(0);
        commitAs(ingest, 0);
        warpToAvailability(0);
        markAs(0, 0);
        markAs(1, 0);
        vm.warp(GENESIS + EPOCH + SEAL + CHALLENGE);
        vm.expectRevert(abi.encodeWithSelector(IEvidence.NothingToRelease.selector, 0));
        evidence.release(network, 0);
        vm.expectPartialRevert(IEvidence.ReleaseTooEarly.selector);
        evidence.release(network, 1);
        vm.warp(GENESIS + 2 * EPOCH + SEAL + CHALLENGE);
        evidence.release(network, 1);
        assertEq(stake.liabilitiesOf(network, Role.Ingest, ingest), 0);
    }

    function test_IsEvidenceSet() external {
        assertTrue(evidence.isEvidenceSet(network, 0, 0, 5, 0));
        assertFalse(evidence.isEvidenceSet(network, 0, 1, 5, 1));
        warpToSealing(0);
        commitAs(ingest, 0);
        warpToSealing(3);
        commitAs(ingest, 3);
        commitAs(otherIngest, 3);
        assertTrue(evidence.isEvidenceSet(network, 0, 1, 0, 1));
        assertTrue(evidence.isEvidenceSet(network, 0, 1, 2, 1));
        assertFalse(evidence.isEvidenceSet(network, 0, 1, 3, 1), "leaves out what was sealed in time");
        assertFalse(evidence.isEvidenceSet(network, 0, 3, 2, 7), "takes what was sealed later");
        assertTrue(evidence.isEvidenceSet(network, 0, 3, 3, 7));
        assertTrue(evidence.isEvidenceSet(network, 1, 3, 3, 3));
        assertFalse(evidence.isEvidenceSet(network, 1, 3, 3, 7), "a bit beyond the end");
        assertFalse(evidence.isEvidenceSet(network, 2, 1, 3, 0));
    }

    /// @dev Two ingests for 150 epochs without a root: more slots than a bitmap has bits. The network goes on, 256 at a time.
    function test_IsEvidenceSet_EndsEarlyWhenFull() external {
        for (uint32 epoch; epoch < 150; ++epoch) {
            warpToSealing(epoch);
            commitAs(ingest, epoch);
            commitAs(otherIngest, epoch);
        }
        assertTrue(evidence.isEvidenceSet(network, 0, 256, 149, type(uint256).max));
        assertFalse(evidence.isEvidenceSet(network, 0, 255, 149, type(uint256).max >> 1));
        assertFalse(evidence.isEvidenceSet(network, 0, 300, 149, type(uint256).max));
        assertTrue(evidence.isEvidenceSet(network, 256, 300, 149, (1 << 44) - 1));
        assertTrue(evidence.isEvidenceSet(network, 40, 296, 149, type(uint256).max));
        evidence.isEvidenceSet(network, 40, 296, 149, type(uint256).max);
        vm.snapshotGasLastCall("settlement", "is evidence set, 256 slots");
    }

    /// @dev Deferred slots and late commitments fall between later sealings, and sealedIn still never falls.
    function testFuzz_SealedInNeverFalls(uint256 seed) external {
        uint32 slots = 0;
        deposit(Role.Ingest, otherIngest, 100 ether);
        for (uint32 epoch; epoch < 12; ++epoch) {
            warpToSealing(epoch);
            if (seed >> epoch & 1 == 0) commitAs(ingest, epoch);
            if (seed >> (16 + epoch) & 1 == 0) commitAs(otherIngest, epoch);
            warpToAvailability(epoch);
            bool isLate = seed >> (16 + epoch) & 1 == 1 && seed >> (64 + epoch) & 1 == 0;
            if (isLate && epoch % 2 == 0) commitAs(otherIngest, epoch);
            slots = evidence.slotCount(network);
            for (uint32 i = slots > 3 ? slots - 3 : 0; i < slots; ++i) {
                Slot memory slot = evidence.slotOf(network, i);
                bool due = slot.sealedIn == epoch && !slot.skipped && slot.deferrals < 2;
                if (due && seed >> (32 + i) & 1 == 0) {
                    markAs(0, i);
                    markAs(1, i);
                }
            }
            if (isLate && epoch % 2 == 1) commitAs(otherIngest, epoch);
        }
        slots = evidence.slotCount(network);
        uint256 set;
        for (uint32 i; i < slots; ++i) {
            if (i > 0) {
                assertGe(evidence.slotOf(network, i).sealedIn, evidence.slotOf(network, i - 1).sealedIn);
            }
            if (!evidence.slotOf(network, i).skipped) set |= 1 << i;
        }
        assertTrue(evidence.isEvidenceSet(network, 0, slots, 20, set));
        assertFalse(evidence.isEvidenceSet(network, 0, slots, 20, set ^ 1));
    }
}
