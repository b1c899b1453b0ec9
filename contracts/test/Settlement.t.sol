// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Programs, WeightPoint} from "../src/interfaces/IBudgets.sol";
import {ISettlement, RootRecord, RootState} from "../src/interfaces/ISettlement.sol";
import {IStake, Role} from "../src/interfaces/IStake.sol";
import {PayoutTree} from "../src/libraries/PayoutTree.sol";
import {Root, Tops} from "../src/types/Root.sol";
import {SettlementWorld} from "./SettlementWorld.sol";

/// @dev Branches: Settlement.attest.tree, Settlement.finalise.tree, Settlement.resolve.tree.
contract SettlementTest is SettlementWorld {
    function stateOf(bytes32 id) internal view returns (RootState) {
        return settlement.recordOf(id).state;
    }

    function expectAttestRevert(Draft memory d, bytes memory fault) internal {
        Tops memory tops = topsOf(d);
        vm.expectRevert(fault);
        vm.prank(verifiers[0]);
        settlement.attest(network, d.root, tops, 0);
    }

    function removeAs(bytes32 id, address winner, uint64 openedAt) internal {
        vm.prank(address(challenges));
        settlement.remove(id, 1, winner, openedAt);
    }

    function ready() internal returns (Draft memory) {
        sealEvidence();
        warpToAttesting(0);
        return honestDraft();
    }

    // ---- attest

    function test_Attest_WhenFirst_Proposes() external {
        Draft memory d = ready();
        bytes32 id = idOf(d);
        vm.expectEmit();
        emit ISettlement.RootProposed(network, id, 0, 0, d.root);
        vm.expectEmit();
        emit ISettlement.Attested(network, id, verifiers[0], 200 ether, 0);
        assertEq(attestBy(0, d), id);
        vm.snapshotGasLastCall("settlement", "attest, first");
        RootRecord memory record = settlement.recordOf(id);
        assertEq(uint8(record.state), uint8(RootState.Attesting));
        assertEq(record.votes, 200 ether);
        assertEq(record.evidenceEnd, 1);
        assertEq(record.payoutSum, d.root.payoutSum);
        assertEq(settlement.head(network), 0);
        assertTrue(settlement.hasAttested(id, verifiers[0]));
        assertEq(stake.liabilitiesOf(network, Role.Verifier, verifiers[0]), 1);
    }

    function test_Attest_WhenTwoThirds_Accepts() external {
        Draft memory d = ready();
        bytes32 id = attestBy(0, d);
        vm.expectEmit();
        emit ISettlement.RootAccepted(network, id, 0, 0, uint64(block.timestamp) + CHALLENGE);
        attestBy(1, d);
        vm.snapshotGasLastCall("settlement", "attest, accepting");
        assertEq(settlement.head(network), id);
        assertTrue(settlement.isStanding(id));
        assertEq(settlement.rootCovering(network, 0), id);
        assertEq(settlement.rootCovering(network, 1), 0);
        assertEq(settlement.finalTop(network, id), 0);
    }

    function test_Attest_WhenAccepted_AnotherJoins() external {
        Draft memory d = ready();
        bytes32 id = accept(d);
        attestBy(2, d);
        assertEq(settlement.recordOf(id).votes, 600 ether);
    }

    function test_RevertWhen_AttestTooEarly() external {
        Draft memory d = ready();
        vm.warp(block.timestamp - 1);
        uint256 opensAt = block.timestamp + 1;
        expectAttestRevert(
            d,
            abi.encodeWithSelector(
                ISettlement.NotAttesting.selector, 0, opensAt, opensAt + ATTEST, block.timestamp
            )
        );
    }

    function test_RevertWhen_AttestTooLate() external {
        Draft memory d = ready();
        uint256 opensAt = block.timestamp;
        vm.warp(opensAt + ATTEST);
        expectAttestRevert(
            d,
            abi.encodeWithSelector(
                ISettlement.NotAttesting.selector, 0, opensAt, opensAt + ATTEST, block.timestamp
            )
        );
    }

    function test_RevertWhen_AttestWithoutWeight() external {
        Draft memory d = ready();
        Tops memory tops = topsOf(d);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NoWeight.selector, stranger));
        vm.prank(stranger);
        settlement.attest(network, d.root, tops, 0);
    }

    function test_RevertWhen_AttestTwice() external {
        Draft memory d = ready();
        attestBy(0, d);
        expectAttestRevert(d, abi.encodeWithSelector(ISettlement.AlreadyAttested.selector, verifiers[0], 0));
    }

    function test_RevertWhen_AttestAnotherRootOfTheAttempt() external {
        Draft memory d = ready();
        attestBy(0, d);
        d.carry[0] = abi.encodePacked(bytes32("other"), uint32(0));
        close(d);
        expectAttestRevert(d, abi.encodeWithSelector(ISettlement.AlreadyAttested.selector, verifiers[0], 0));
    }

    function test_RevertWhen_ParentIsNotHead() external {
        Draft memory d = ready();
        d.root.parent = "other";
        expectAttestRevert(
            d, abi.encodeWithSelector(ISettlement.NotOnHead.selector, bytes32("other"), bytes32(0))
        );
    }

    function test_RevertWhen_RangeIsBroken() external {
        Draft memory d = ready();
        d.root.first = 1;
        expectAttestRevert(d, abi.encodeWithSelector(ISettlement.RangeBroken.selector, 0, 1, 0));
    }

    function test_RevertWhen_RulesetDiffers() external {
        Draft memory d = ready();
        d.root.ruleset = "other";
        expectAttestRevert(d, abi.encodeWithSelector(ISettlement.SnapshotDiffers.selector, "ruleset"));
    }

    function test_RevertWhen_DeviceCountDiffers() external {
        Draft memory d = ready();
        d.root.deviceCount = 3;
        expectAttestRevert(d, abi.encodeWithSelector(ISettlement.SnapshotDiffers.selector, "deviceCount"));
    }

    function test_RevertWhen_PartitionTreeIsUsed() external {
        Draft memory d = ready();
        d.root.partitionHash = "early";
        expectAttestRevert(d, abi.encodeWithSelector(ISettlement.SnapshotDiffers.selector, "partitionHash"));
    }

    function test_RevertWhen_EvidenceIsLeftOut() external {
        Draft memory d = ready();
        d.root.evidenceSet = 0;
        expectAttestRevert(d, abi.encodeWithSelector(ISettlement.EvidenceDiffers.selector, 1, 0));
        d.root.evidenceEnd = 0;
        expectAttestRevert(d, abi.encodeWithSelector(ISettlement.EvidenceDiffers.selector, 0, 0));
        d.root.evidenceEnd = 2;
        d.root.evidenceSet = 3;
        expectAttestRevert(d, abi.encodeWithSelector(ISettlement.EvidenceDiffers.selector, 2, 3));
    }

    function test_RevertWhen_TopsDiffer() external {
        Draft memory d = ready();
        Draft memory spoiled = copyOf(d);
        spoiled.root.payoutSum -= 1;
        expectAttestRevert(spoiled, abi.encodeWithSelector(ISettlement.TopsDiffer.selector, "payout"));
        spoiled = copyOf(d);
        spoiled.root.payoutHash = "other";
        expectAttestRevert(spoiled, abi.encodeWithSelector(ISettlement.TopsDiffer.selector, "payout"));
        spoiled = copyOf(d);
        spoiled.root.workSums[1] += 1;
        expectAttestRevert(spoiled, abi.encodeWithSelector(ISettlement.TopsDiffer.selector, "work"));
        spoiled = copyOf(d);
        spoiled.root.workHash = "other";
        expectAttestRevert(spoiled, abi.encodeWithSelector(ISettlement.TopsDiffer.selector, "work"));
    }

    function test_RevertWhen_OverBudget() external {
        Draft memory d = ready();
        uint256 bound = 950 ether; // both programs, less the verifiers' 5 %
        d.cumulative[3] += uint128(bound - d.root.payoutSum) + 1;
        close(d);
        expectAttestRevert(d, abi.encodeWithSelector(ISettlement.OverBudget.selector, bound + 1, bound));
    }

    function test_RevertWhen_AProgramWithoutWorkIsPaid() external {
        Draft memory d = ready();
        for (uint256 i; i < DEVICES; ++i) {
            d.work[i].work[1] = 0;
        }
        close(d);
        expectAttestRevert(
            d, abi.encodeWithSelector(ISettlement.OverBudget.selector, d.root.payoutSum, uint256(665 ether))
        );
    }

    function test_RevertWhen_PayoutShrinks() external {
        (Draft memory p,) = acceptHonest();
        warpToAttesting(1);
        Draft memory d = idleChild(p, 1);
        d.cumulative[0] -= 1;
        close(d);
        expectAttestRevert(
            d,
            abi.encodeWithSelector(ISettlement.PayoutShrinks.selector, p.root.payoutSum - 1, p.root.payoutSum)
        );
    }

    function test_Rollover_PassesOnUntilThereIsWork() external {
        (Draft memory p,) = acceptHonest();
        warpToAttesting(1);
        Draft memory idle = idleChild(p, 1);
        bytes32 id = accept(idle);
        uint128[4] memory pots = settlement.recordOf(id).pots;
        assertEq(pots[0], 665 ether);
        warpToAttesting(4);
        Draft memory next = idleChild(idle, 4);
        pots = settlement.recordOf(accept(next)).pots;
        assertEq(pots[0], 4 * 665 ether);
        assertEq(pots[1], 4 * 285 ether);
        assertEq(settlement.rootCovering(network, 0), idOf(p));
        assertEq(settlement.rootCovering(network, 3), idOf(next));
    }

    function test_Attest_WithOneDevice_NeedsNoTops() external {
        vm.mockCall(
            address(devices), abi.encodeWithSelector(devices.isDeviceCountAt.selector), abi.encode(true)
        );
        Draft memory d = ready();
        d.root.deviceCount = 1;
        Tops memory none;
        vm.prank(verifiers[0]);
        settlement.attest(network, d.root, none, 0);
    }

    // ---- tally

    function test_Tally_WhenTheDenominatorShrank_Accepts() external {
        Draft memory d = ready();
        bytes32 id = attestBy(0, d);
        assertFalse(settlement.tally(id));
        slash(verifiers[1]);
        assertFalse(settlement.tally(id));
        slash(verifiers[2]);
        assertTrue(settlement.tally(id));
        assertEq(settlement.head(network), id);
    }

    function test_Tally_DoesNotCountTheVotesOfTheSlashed() external {
        Draft memory d = ready();
        bytes32 id = attestBy(0, d);
        slash(verifiers[0]);
        slash(verifiers[1]);
        assertFalse(settlement.tally(id), "200 of 200 once, 0 of 200 now");
    }

    function test_RevertWhen_TallyAfterAttesting() external {
        bytes32 id = attestBy(0, ready());
        uint256 opensAt = block.timestamp;
        vm.warp(opensAt + ATTEST);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlement.NotAttesting.selector, 0, opensAt, opensAt + ATTEST, block.timestamp
            )
        );
        settlement.tally(id);
    }

    function test_RevertWhen_TallyOffHead() external {
        Draft memory d = ready();
        Draft memory other = copyOf(d);
        other.carry[0] = abi.encodePacked(bytes32("other"), uint32(0));
        close(other);
        bytes32 left = attestBy(2, other);
        bytes32 id = accept(d);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotOnHead.selector, bytes32(0), id));
        settlement.tally(left);
    }

    function test_RevertWhen_TallyUnknownOrAccepted() external {
        vm.expectRevert(abi.encodeWithSelector(ISettlement.RootUnknown.selector, bytes32("none")));
        settlement.tally("none");
        bytes32 id = accept(ready());
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlement.WrongState.selector, id, RootState.Attesting, RootState.Challengeable
            )
        );
        settlement.tally(id);
    }

    // ---- finalise

    function test_Finalise_ReleasesToTheVault() external {
        (Draft memory d, bytes32 id) = acceptHonest();
        vm.warp(block.timestamp + CHALLENGE);
        vm.expectEmit();
        emit ISettlement.RootFinalised(network, id, 0, 0, d.root.payoutSum);
        vm.prank(stranger);
        settlement.finalise(id);
        vm.snapshotGasLastCall("settlement", "finalise");
        assertEq(token.balanceOf(networks.vaultOf(network)), d.root.payoutSum);
        assertEq(settlement.finalTop(network, id), PayoutTree.top(d.root.payoutHash, d.root.payoutSum));
        assertTrue(settlement.isStanding(id));
        assertEq(settlement.disputableUntil(id), 0);
        assertFalse(settlement.isChallengeable(id));
    }

    function test_RevertWhen_FinaliseInTheWindow() external {
        (, bytes32 id) = acceptHonest();
        uint64 at = uint64(block.timestamp) + CHALLENGE;
        vm.warp(at - 1);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotFinalisable.selector, id, at, 0));
        settlement.finalise(id);
    }

    function test_RevertWhen_FinaliseWithOpenChallenge() external {
        (, bytes32 id) = acceptHonest();
        uint64 at = uint64(block.timestamp) + CHALLENGE;
        vm.prank(address(disputes));
        settlement.challengeOpened(id);
        vm.warp(at);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotFinalisable.selector, id, at, 1));
        settlement.finalise(id);
        vm.prank(address(disputes));
        settlement.challengeClosed(id);
        // What the dispute showed can be used for a while.
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotFinalisable.selector, id, at + RESPONSE, 0));
        settlement.finalise(id);
        vm.warp(at + RESPONSE);
        settlement.finalise(id);
    }

    function test_RevertWhen_FinaliseBeforeParent() external {
        (Draft memory p,) = acceptHonest();
        warpToAttesting(1);
        bytes32 id = accept(idleChild(p, 1));
        vm.warp(block.timestamp + CHALLENGE);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.ParentNotFinal.selector, idOf(p)));
        settlement.finalise(id);
        settlement.finalise(idOf(p));
        settlement.finalise(id);
        assertEq(token.balanceOf(networks.vaultOf(network)), p.root.payoutSum, "the idle root adds nothing");
    }

    function test_RevertWhen_FinaliseDeadOrRemovedOrUnknown() external {
        (Draft memory p,) = acceptHonest();
        warpToAttesting(1);
        bytes32 id = accept(idleChild(p, 1));
        removeAs(idOf(p), watcher, 1);
        vm.warp(block.timestamp + CHALLENGE);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotFinalisable.selector, id, block.timestamp, 0));
        settlement.finalise(id);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlement.WrongState.selector, idOf(p), RootState.Challengeable, RootState.Removed
            )
        );
        settlement.finalise(idOf(p));
        vm.expectRevert(abi.encodeWithSelector(ISettlement.RootUnknown.selector, bytes32("none")));
        settlement.finalise("none");
    }

    // ---- delay

    function test_Delay_Once() external {
        (, bytes32 id) = acceptHonest();
        uint64 at = uint64(block.timestamp) + CHALLENGE;
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotGuardian.selector, stranger));
        vm.prank(stranger);
        settlement.delay(id);
        vm.expectEmit();
        emit ISettlement.RootDelayed(network, id, at + CHALLENGE);
        vm.prank(guardian);
        settlement.delay(id);
        assertEq(settlement.disputableUntil(id), at + CHALLENGE);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotGuardian.selector, guardian));
        vm.prank(guardian);
        settlement.delay(id);
    }

    // ---- remove

    function test_Remove_TakesDescendantsOutOfTheChain() external {
        (Draft memory p,) = acceptHonest();
        warpToAttesting(1);
        Draft memory child = idleChild(p, 1);
        bytes32 id = accept(child);
        assertEq(settlement.head(network), id);
        removeAs(idOf(p), watcher, 7);
        assertEq(settlement.head(network), 0);
        assertFalse(settlement.isStanding(id));
        assertEq(settlement.rootCovering(network, 1), 0);
        assertTrue(settlement.isRemoved(idOf(p)));
        // Its own fault can still be proven, and cuts nothing any more.
        assertTrue(settlement.isChallengeable(id));
        removeAs(id, watcher, 8);
        assertTrue(settlement.isRemoved(id));
    }

    function test_Remove_OfADeadRoot_LeavesItsSuccessor() external {
        (Draft memory p,) = acceptHonest();
        warpToAttesting(1);
        bytes32 dead = accept(idleChild(p, 1));
        removeAs(idOf(p), watcher, 7);
        warpToAttesting(2);
        p.root.last = 2;
        p.root.carryHash = "again";
        bytes32 fresh = accept(p);
        assertEq(settlement.recordOf(fresh).position, 0);
        removeAs(dead, watcher, 9);
        assertEq(settlement.head(network), fresh, "the place of the dead root is another's now");
        assertTrue(settlement.isStanding(fresh));
    }

    function test_Remove_TheEarliestOpenedWins() external {
        (, bytes32 id) = acceptHonest();
        removeAs(id, watcher, 7);
        removeAs(id, stranger, 8);
        assertEq(settlement.recordOf(id).winner, watcher);
        removeAs(id, stranger, 6);
        assertEq(settlement.recordOf(id).winner, stranger);
    }

    function test_RevertWhen_CallerIsNoChallengeContract() external {
        (, bytes32 id) = acceptHonest();
        vm.startPrank(stranger);
        bytes memory fault = abi.encodeWithSelector(ISettlement.NotChallenges.selector, stranger);
        vm.expectRevert(fault);
        settlement.remove(id, 1, stranger, 0);
        vm.expectRevert(fault);
        settlement.challengeOpened(id);
        vm.expectRevert(fault);
        settlement.challengeClosed(id);
    }

    // ---- resolve and collect

    function test_Resolve_WhenFinal_PaysProRata() external {
        (Draft memory d, bytes32 id) = acceptHonest();
        attestBy(2, d);
        vm.warp(block.timestamp + CHALLENGE);
        settlement.finalise(id);
        uint128 share = uint128(uint256(50 ether) * 200 ether / 600 ether);
        vm.expectEmit();
        emit ISettlement.Resolved(network, id, verifiers[1], false, share);
        settlement.resolve(id, verifiers[1]);
        vm.snapshotGasLastCall("settlement", "resolve, paid");
        assertEq(token.balanceOf(verifiers[1]), share);
        assertEq(stake.liabilitiesOf(network, Role.Verifier, verifiers[1]), 0);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingToResolve.selector, id, verifiers[1]));
        settlement.resolve(id, verifiers[1]);
    }

    function test_Resolve_WhenRemoved_SlashesAtOnceAndKeepsTheReward() external {
        (, bytes32 id) = acceptHonest();
        uint64 at = uint64(block.timestamp) + CHALLENGE;
        vm.prank(address(disputes));
        settlement.challengeOpened(id); // a dispute that is open does not protect anybody
        removeAs(id, watcher, 7);
        settlement.resolve(id, verifiers[0]);
        vm.snapshotGasLastCall("settlement", "resolve, slashed");
        assertEq(stake.slashableOf(network, Role.Verifier, verifiers[0]), 0);
        assertEq(stake.totalWeight(network, Role.Verifier, 0), 400 ether);
        assertEq(token.balanceOf(address(settlement)), uint256(200 ether) / 3);

        vm.expectRevert(abi.encodeWithSelector(ISettlement.TooEarlyToCollect.selector, id, at, 1));
        settlement.collect(id);
        vm.prank(address(disputes));
        settlement.challengeClosed(id);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.TooEarlyToCollect.selector, id, at, 0));
        settlement.collect(id);
        removeAs(id, stranger, 6);
        vm.warp(at);
        uint256 before = token.balanceOf(stranger);
        assertEq(settlement.collect(id), uint256(200 ether) / 3);
        assertEq(token.balanceOf(stranger) - before, uint256(200 ether) / 3);
        settlement.resolve(id, verifiers[1]);
        assertEq(settlement.collect(id), uint256(200 ether) / 3, "what is slashed later follows");
    }

    function test_Resolve_WhenNothingIsLeftToSlash() external {
        (, bytes32 id) = acceptHonest();
        removeAs(id, watcher, 7);
        slash(verifiers[0]);
        settlement.resolve(id, verifiers[0]);
        assertEq(stake.liabilitiesOf(network, Role.Verifier, verifiers[0]), 0);
    }

    function test_Resolve_WhenItNeverHadItsQuorum_LetsGo() external {
        bytes32 id = attestBy(0, ready());
        vm.expectRevert(
            abi.encodeWithSelector(ISettlement.WrongState.selector, id, RootState.Final, RootState.Attesting)
        );
        settlement.resolve(id, verifiers[0]);
        vm.warp(block.timestamp + ATTEST);
        settlement.resolve(id, verifiers[0]);
        assertEq(stake.slashableOf(network, Role.Verifier, verifiers[0]), 200 ether);
        assertEq(stake.liabilitiesOf(network, Role.Verifier, verifiers[0]), 0);
    }

    function test_Resolve_WhenDead_LetsGoAfterItsWindow() external {
        (Draft memory p,) = acceptHonest();
        warpToAttesting(1);
        bytes32 id = accept(idleChild(p, 1));
        removeAs(idOf(p), watcher, 7);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlement.WrongState.selector, id, RootState.Final, RootState.Challengeable
            )
        );
        settlement.resolve(id, verifiers[0]);
        vm.warp(block.timestamp + CHALLENGE);
        settlement.resolve(id, verifiers[0]);
        assertEq(stake.slashableOf(network, Role.Verifier, verifiers[0]), 200 ether, "for its own fault only");
        assertFalse(settlement.isChallengeable(id));
    }

    function test_RevertWhen_ResolveStandingOrStranger() external {
        (, bytes32 id) = acceptHonest();
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlement.WrongState.selector, id, RootState.Final, RootState.Challengeable
            )
        );
        settlement.resolve(id, verifiers[0]);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingToResolve.selector, id, stranger));
        settlement.resolve(id, stranger);
    }

    function test_Resolve_KeepsTheBondUntilThen() external {
        (, bytes32 id) = acceptHonest();
        vm.prank(verifiers[0]);
        stake.requestExit(network, Role.Verifier, 200 ether);
        vm.warp(block.timestamp + 4 days);
        vm.expectRevert(abi.encodeWithSelector(IStake.StillLiable.selector, verifiers[0], 1));
        vm.prank(verifiers[0]);
        stake.withdraw(network, Role.Verifier);
        settlement.finalise(id);
        settlement.resolve(id, verifiers[0]);
        vm.prank(verifiers[0]);
        stake.withdraw(network, Role.Verifier);
    }

    function test_IdleEpochs_UnderWeightsThatMoveCostAStepEach() external {
        (Draft memory p,) = acceptHonest();
        Programs memory programs = still([uint16(9_000), 1_000, 0, 0]);
        programs.weights = new WeightPoint[](2);
        programs.weights[0].weightsBps = [uint16(9_000), 1_000, 0, 0];
        programs.weights[1] = WeightPoint(320, [uint16(0), 10_000, 0, 0]);
        programs.returnBps[1] = 10_000;
        vm.prank(governor);
        networks.adoptRuleset(network, RULESET, programs);
        warpToAttesting(500);
        Draft memory d = idleChild(p, 500);
        attestBy(0, d);
        vm.snapshotGasLastCall("settlement", "attest, first, after 64 steps of weights");
    }

    function test_IdleEpochs_CostNothing() external {
        (Draft memory p,) = acceptHonest();
        warpToAttesting(500);
        Draft memory d = idleChild(p, 500);
        attestBy(0, d);
        vm.snapshotGasLastCall("settlement", "attest, first, after 500 idle epochs");
        attestBy(1, d);
        assertEq(settlement.head(network), idOf(d));
    }

    /// @dev Whatever is attested, no more than the schedule is promised, and a root never falls below its parent.
    function testFuzz_Budget(uint128 extra, uint8 device) external {
        Draft memory d = ready();
        extra = uint128(bound(extra, 0, 2000 ether));
        d.cumulative[device % DEVICES] += extra;
        close(d);
        Tops memory tops = topsOf(d);
        vm.prank(verifiers[0]);
        if (d.root.payoutSum > 950 ether) vm.expectRevert();
        settlement.attest(network, d.root, tops, 0);
    }

    function slash(address verifier) private {
        vm.prank(address(settlement));
        stake.slashAll(network, Role.Verifier, verifier, address(0));
    }
}
