// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IChallenges, PayoutProof} from "../src/interfaces/IChallenges.sol";
import {ICommitReveal} from "../src/interfaces/ICommitReveal.sol";
import {Dispute, DisputeState, IDisputes, NodePlace, TreeKind} from "../src/interfaces/IDisputes.sol";
import {ISettlement} from "../src/interfaces/ISettlement.sol";
import {SettlementWorld} from "./SettlementWorld.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

/// @notice Kind 2. Branches: Disputes.open.tree, Disputes.answer.tree.
contract DisputesTest is SettlementWorld {
    address internal answerer = makeAddr("answerer");

    function ready() internal returns (Draft memory) {
        sealEvidence();
        warpToAttesting(0);
        return honestDraft();
    }

    function open(bytes memory call) internal returns (uint256) {
        return abi.decode(challenge(address(disputes), watcher, call), (uint256));
    }

    function openCall(Draft memory d, TreeKind tree, bytes32 salt) internal view returns (bytes memory) {
        if (tree == TreeKind.Verdict) {
            return abi.encodeCall(IDisputes.openHiddenVerdict, (network, d.root, workProof(d, 0), salt));
        }
        return abi.encodeCall(IDisputes.openHidden, (network, d.root, tree, salt));
    }

    function openTop(Draft memory d, TreeKind tree) internal returns (uint256) {
        return open(openCall(d, tree, "top"));
    }

    function levelsOf(Draft memory d, TreeKind tree) internal pure returns (bytes[][] memory) {
        if (tree == TreeKind.Payout) return d.payoutLevels;
        if (tree == TreeKind.Work) return d.workLevels;
        return tree == TreeKind.Verdict ? d.verdictLevels[0] : d.carryLevels;
    }

    function placeOf(bytes[][] memory levels, uint8 height, uint32 position)
        internal
        pure
        returns (NodePlace memory)
    {
        return NodePlace(
            height, position, levels[height][position], TreeBuilder.siblings(levels, height, position)
        );
    }

    function placeCall(Draft memory d, TreeKind tree, uint8 height, uint32 position)
        internal
        view
        returns (bytes memory)
    {
        NodePlace memory place = placeOf(levelsOf(d, tree), height, position);
        if (tree == TreeKind.Verdict) {
            return
                abi.encodeCall(IDisputes.openHiddenVerdictAt, (network, d.root, workProof(d, 0), place, "at"));
        }
        return abi.encodeCall(IDisputes.openHiddenAt, (network, d.root, tree, place, "at"));
    }

    function leafOf(Draft memory d, TreeKind tree, uint32 position) internal pure returns (bytes memory) {
        if (tree == TreeKind.Payout) return abi.encodePacked(position, d.cumulative[position]);
        if (tree == TreeKind.Work) return TreeBuilder.content(d.work[position]);
        if (tree == TreeKind.Verdict) return TreeBuilder.content(d.verdicts[0][position]);
        return position < d.carry.length ? d.carry[position] : bytes("");
    }

    function show(Draft memory d, uint256 id) internal {
        Dispute memory dispute = disputes.disputeOf(id);
        bytes[] memory below = levelsOf(d, dispute.tree)[dispute.height - 1];
        vm.prank(answerer);
        disputes.showChildren(id, below[2 * dispute.position], below[2 * dispute.position + 1]);
    }

    function pick(Draft memory d, uint256 id, bool right) internal {
        Dispute memory dispute = disputes.disputeOf(id);
        bytes[] memory below = levelsOf(d, dispute.tree)[dispute.height - 1];
        vm.prank(watcher);
        disputes.pick(id, right, below[2 * dispute.position], below[2 * dispute.position + 1]);
    }

    /// @dev Down to the leaf, not shown yet.
    function walk(Draft memory d, uint256 id, uint32 position) internal {
        for (uint8 height = disputes.disputeOf(id).height; height > 0; --height) {
            show(d, id);
            pick(d, id, position >> (height - 1) & 1 == 1);
        }
    }

    function showLeaf(uint256 id, bytes memory leaf) internal {
        vm.prank(answerer);
        disputes.showLeaf(id, leaf);
    }

    function expectOpenFault(bytes memory call, bytes memory fault) internal {
        expectChallengeRevert(address(disputes), watcher, call, fault);
    }

    function expectState(uint256 id, DisputeState state) internal view {
        assertEq(uint8(disputes.disputeOf(id).state), uint8(state));
    }

    function invalid(string memory part) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IDisputes.AnswerInvalid.selector, part);
    }

    // ---- an honest root

    function test_Open_TakesTheBondAndStartsTheClock() external {
        (Draft memory d, bytes32 id) = acceptHonest();
        uint256 before = token.balanceOf(watcher);
        bytes memory call = openCall(d, TreeKind.Payout, "top");
        announce(address(disputes), watcher, call);
        uint64 dueAt = uint64(block.timestamp) + RESPONSE;
        vm.expectEmit();
        emit IDisputes.DisputeOpened(1, network, id, 2, TreeKind.Payout, watcher, dueAt);
        vm.expectEmit();
        emit IDisputes.HiddenClaimed(1, 0, 2, 0);
        submit(address(disputes), watcher, call);
        assertEq(before - token.balanceOf(watcher), 10 ether);
        assertEq(settlement.recordOf(id).openChallenges, 1);
        // The next falls due later, so that a flood can not time out who answers.
        uint256 second = openTop(d, TreeKind.Work);
        assertEq(disputes.disputeOf(second).dueAt, dueAt + QUEUE);
        assertEq(disputes.openDisputes(network), 2);
        vm.prank(answerer);
        disputes.showChildren(1, d.payoutLevels[1][0], d.payoutLevels[1][1]);
        assertEq(disputes.disputeOf(1).dueAt, dueAt + QUEUE);
    }

    function test_WalkToALeaf_TheChallengerLoses() external {
        (Draft memory d, bytes32 rootId) = acceptHonest();
        uint256 supply = token.totalSupply();
        uint256 before = token.balanceOf(watcher);
        uint256 id = openTop(d, TreeKind.Payout);
        walk(d, id, 2);
        vm.expectEmit();
        emit IDisputes.LeafShown(id, 2, leafOf(d, TreeKind.Payout, 2));
        vm.expectEmit();
        emit IDisputes.DisputeEnded(id, rootId, false);
        showLeaf(id, leafOf(d, TreeKind.Payout, 2));
        expectState(id, DisputeState.Lost);
        assertEq(before - token.balanceOf(watcher), 10 ether);
        assertEq(token.balanceOf(answerer), 5 ether);
        assertEq(supply - token.totalSupply(), 5 ether, "the rest is burned");
        assertEq(settlement.recordOf(rootId).openChallenges, 0);
        assertTrue(disputes.isShown(rootId, TreeKind.Payout, 0, 2, 0));
        assertTrue(disputes.isShown(rootId, TreeKind.Payout, 0, 1, 1));
        assertTrue(disputes.isShown(rootId, TreeKind.Payout, 0, 0, 2));
        assertFalse(disputes.isShown(rootId, TreeKind.Payout, 0, 1, 0));
        assertFalse(disputes.isShown(rootId, TreeKind.Work, 0, 2, 0));
    }

    function test_WhatWasShownIsNotAskedAgain_ButWhatIsBelowIs() external {
        (Draft memory d,) = acceptHonest();
        uint256 id = openTop(d, TreeKind.Payout);
        walk(d, id, 2);
        showLeaf(id, leafOf(d, TreeKind.Payout, 2));
        expectOpenFault(
            openCall(d, TreeKind.Payout, "again"),
            abi.encodeWithSelector(IDisputes.AlreadyShown.selector, 0, 2, 0)
        );
        expectOpenFault(
            placeCall(d, TreeKind.Payout, 1, 1),
            abi.encodeWithSelector(IDisputes.AlreadyShown.selector, 0, 1, 1)
        );
        expectOpenFault(
            placeCall(d, TreeKind.Payout, 0, 2),
            abi.encodeWithSelector(IDisputes.AlreadyShown.selector, 0, 0, 2)
        );
        open(placeCall(d, TreeKind.Payout, 1, 0));
        open(placeCall(d, TreeKind.Payout, 0, 3));
    }

    /// @dev Invariant 2: wherever a challenger goes in a true root, there is an answer.
    function testFuzz_ATrueRootAlwaysHasAnAnswer(uint8 kind, uint8 at, uint8 height) external {
        (Draft memory d, bytes32 rootId) = acceptHonest();
        TreeKind tree = TreeKind(kind % 4);
        uint32 position = at % 4;
        height = height % 3;
        uint256 id = open(placeCall(d, tree, height, position >> height));
        walk(d, id, position);
        showLeaf(id, leafOf(d, tree, position));
        expectState(id, DisputeState.Lost);
        vm.warp(block.timestamp + CHALLENGE);
        settlement.finalise(rootId);
    }

    function test_RevertWhen_APlaceDoesNotProve() external {
        (Draft memory d,) = acceptHonest();
        bytes memory fault = abi.encodeWithSelector(IDisputes.ClaimInvalid.selector, "place");
        for (uint8 kind; kind < 4; ++kind) {
            TreeKind tree = TreeKind(kind);
            Draft memory s = copyOf(d);
            levelsOf(s, tree)[1][0][0] ^= 0x01;
            expectOpenFault(placeCall(s, tree, 1, 0), fault);
        }
    }

    function test_RevertWhen_OpenIsInvalid() external {
        (Draft memory d,) = acceptHonest();
        expectOpenFault(
            abi.encodeCall(IDisputes.openHidden, (network, d.root, TreeKind.Verdict, "salt")),
            abi.encodeWithSelector(IDisputes.ClaimInvalid.selector, "tree")
        );
        Draft memory s = copyOf(d);
        s.work[0].verdictCount = 9;
        expectOpenFault(
            openCall(s, TreeKind.Verdict, "salt"),
            abi.encodeWithSelector(IDisputes.ClaimInvalid.selector, "work")
        );
        s = copyOf(d);
        s.root.carryHash = "unknown";
        expectOpenFault(
            openCall(s, TreeKind.Carry, "salt"),
            abi.encodeWithSelector(IDisputes.NotDisputable.selector, idOf(s), 0, block.timestamp)
        );
        bytes memory call = openCall(d, TreeKind.Carry, "salt");
        vm.expectRevert(
            abi.encodeWithSelector(
                ICommitReveal.NotCommitted.selector, keccak256(abi.encode(watcher, keccak256(call)))
            )
        );
        submit(address(disputes), watcher, call);
    }

    function test_RevertWhen_AnAnswerIsInvalid() external {
        (Draft memory d,) = acceptHonest();
        uint256 id = openTop(d, TreeKind.Payout);
        bytes[] memory below = d.payoutLevels[1];
        vm.expectRevert(invalid("node"));
        disputes.showChildren(id, below[1], below[0]);
        // The same bytes, cut elsewhere.
        bytes memory both = abi.encodePacked(below[0], below[1]);
        vm.expectRevert(invalid("width"));
        disputes.showChildren(id, slice(both, 0, 40), slice(both, 40, 96));
        vm.expectRevert(invalid("height"));
        disputes.showLeaf(id, "");
        walk(d, id, 0);
        vm.expectRevert(invalid("height"));
        disputes.showChildren(id, below[0], below[1]);
        vm.expectRevert(invalid("leaf"));
        disputes.showLeaf(id, leafOf(d, TreeKind.Payout, 1));
        vm.expectRevert(invalid("leaf"));
        disputes.showLeaf(id, "");
    }

    function test_RevertWhen_APickIsInvalid() external {
        (Draft memory d,) = acceptHonest();
        uint256 id = openTop(d, TreeKind.Payout);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.WrongDisputeState.selector,
                id,
                DisputeState.AwaitingChallenger,
                DisputeState.AwaitingAnswer
            )
        );
        disputes.pick(id, true, "", "");
        show(d, id);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.WrongDisputeState.selector,
                id,
                DisputeState.AwaitingAnswer,
                DisputeState.AwaitingChallenger
            )
        );
        disputes.showChildren(id, "", "");
        bytes[] memory below = d.payoutLevels[1];
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotYourMove.selector, id, stranger));
        vm.prank(stranger);
        disputes.pick(id, true, below[0], below[1]);
        vm.startPrank(watcher);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.ClaimInvalid.selector, "shown"));
        disputes.pick(id, true, below[1], below[0]);
        // The same bytes, cut where another node would begin.
        bytes memory both = abi.encodePacked(below[0], below[1]);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.ClaimInvalid.selector, "shown"));
        disputes.pick(id, true, slice(both, 0, 32), slice(both, 32, 96));
        vm.stopPrank();
        uint64 dueAt = disputes.disputeOf(id).dueAt;
        vm.warp(dueAt + 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TooLate.selector, dueAt, dueAt + 1));
        disputes.pick(id, true, below[0], below[1]);
    }

    // ---- clocks

    function test_Timeout_WhenNobodyAnswers_RemovesTheRoot() external {
        (Draft memory d, bytes32 rootId) = acceptHonest();
        uint256 before = token.balanceOf(watcher);
        uint256 id = openTop(d, TreeKind.Carry);
        uint64 dueAt = disputes.disputeOf(id).dueAt;
        vm.warp(dueAt);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotDue.selector, dueAt, dueAt));
        disputes.timeout(id);
        vm.warp(dueAt + 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TooLate.selector, dueAt, dueAt + 1));
        disputes.showChildren(id, d.carryLevels[1][0], d.carryLevels[1][1]);
        vm.expectEmit();
        emit ISettlement.RootRemoved(network, rootId, 2, watcher);
        vm.prank(stranger);
        disputes.timeout(id);
        expectState(id, DisputeState.Won);
        assertTrue(settlement.isRemoved(rootId));
        assertEq(token.balanceOf(watcher), before);
        assertEq(disputes.openDisputes(network), 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.WrongDisputeState.selector, id, DisputeState.AwaitingAnswer, DisputeState.Won
            )
        );
        disputes.timeout(id);
    }

    function test_Timeout_WhenTheChallengerDoesNotMove() external {
        (Draft memory d, bytes32 rootId) = acceptHonest();
        uint256 id = openTop(d, TreeKind.Carry);
        show(d, id);
        vm.warp(disputes.disputeOf(id).dueAt + 1);
        disputes.timeout(id);
        expectState(id, DisputeState.Lost);
        assertTrue(settlement.isStanding(rootId));
        assertEq(token.balanceOf(answerer), 5 ether);
    }

    function test_Withdraw_WhenTheRootIsGone() external {
        (Draft memory d, bytes32 rootId) = acceptHonest();
        uint256 before = token.balanceOf(watcher);
        uint256 id = openTop(d, TreeKind.Carry);
        vm.startPrank(watcher);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.StillStanding.selector, rootId));
        disputes.withdrawDispute(id);
        vm.stopPrank();
        removeRoot(rootId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotYourMove.selector, id, stranger));
        vm.prank(stranger);
        disputes.withdrawDispute(id);
        vm.prank(watcher);
        disputes.withdrawDispute(id);
        assertEq(token.balanceOf(watcher), before);
        expectState(id, DisputeState.Withdrawn);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.WrongDisputeState.selector, id, DisputeState.AwaitingAnswer, DisputeState.Withdrawn
            )
        );
        vm.prank(watcher);
        disputes.withdrawDispute(id);
    }

    /// @dev An answer in the block of the removal must not cost a challenger that was right about the root.
    function test_TheBondIsSafe_WhenTheRootWasRemovedMeanwhile() external {
        (Draft memory d, bytes32 rootId) = acceptHonest();
        uint256 before = token.balanceOf(watcher);
        uint256 id = openTop(d, TreeKind.Carry);
        uint256 other = openTop(d, TreeKind.Work);
        walk(d, id, 0);
        show(d, other);
        removeRoot(rootId);
        showLeaf(id, leafOf(d, TreeKind.Carry, 0));
        vm.warp(block.timestamp + 1 days);
        disputes.timeout(other);
        assertEq(token.balanceOf(watcher), before);
        assertEq(token.balanceOf(answerer), 0);
    }

    /// @dev A recipient that the token refuses can not keep a dispute open.
    function test_PayOwed_WhenTheTokenRefuses() external {
        (Draft memory d, bytes32 rootId) = acceptHonest();
        uint256 before = token.balanceOf(watcher);
        uint256 id = openTop(d, TreeKind.Carry);
        vm.warp(disputes.disputeOf(id).dueAt + 1);
        vm.mockCallRevert(address(token), abi.encodeCall(token.transfer, (watcher, 10 ether)), "refused");
        disputes.timeout(id);
        assertTrue(settlement.isRemoved(rootId));
        assertEq(before - token.balanceOf(watcher), 10 ether);
        vm.clearMockedCalls();
        assertEq(disputes.payOwed(network, watcher), 10 ether);
        assertEq(disputes.payOwed(network, watcher), 0);
        assertEq(token.balanceOf(watcher), before);
    }

    // ---- false roots

    /// @dev A leaf counted in two places: the second copy has the wrong index, and nothing shows it.
    function test_ACopiedSubtree_CanNotBeShown() external {
        Draft memory d = ready();
        d.workTamper = TreeBuilder.Tamper(true, 0, 1, d.workLevels[0][0]);
        close(d);
        bytes32 rootId = accept(d);
        uint256 id = open(placeCall(d, TreeKind.Work, 0, 0));
        showLeaf(id, leafOf(d, TreeKind.Work, 0));
        // By its hash this node was shown; by its place it was not.
        id = open(placeCall(d, TreeKind.Work, 0, 1));
        vm.expectRevert(invalid("leaf"));
        disputes.showLeaf(id, leafOf(d, TreeKind.Work, 0));
        vm.expectRevert(invalid("leaf"));
        disputes.showLeaf(id, leafOf(d, TreeKind.Work, 1));
        timeOut(id, rootId);
    }

    /// @dev The pair (hash, sum) of a leaf says another sum than the leaf itself.
    function test_ALeafWithAnotherSum_CanNotBeShown() external {
        Draft memory d = ready();
        d.payoutTamper = TreeBuilder.Tamper(true, 0, 1, d.payoutLevels[0][1]);
        d.payoutTamper.node[40] ^= 0x01;
        close(d);
        bytes32 rootId = accept(d);
        uint256 id = openTop(d, TreeKind.Payout);
        walk(d, id, 1);
        vm.expectRevert(invalid("leaf"));
        disputes.showLeaf(id, leafOf(d, TreeKind.Payout, 1));
        timeOut(id, rootId);
    }

    function test_ALeafBeyondTheCount_CanNotBeShown() external {
        Draft memory d = ready();
        d.carry = new bytes[](4);
        for (uint256 i; i < 4; ++i) {
            d.carry[i] = abi.encodePacked(bytes32(i + 1), uint32(0), "carry");
        }
        close(d);
        d.root.carryCount = 3;
        bytes32 rootId = accept(d);
        uint256 id = openTop(d, TreeKind.Carry);
        walk(d, id, 3);
        vm.expectRevert(invalid("leaf"));
        disputes.showLeaf(id, d.carry[3]);
        vm.expectRevert(invalid("leaf"));
        disputes.showLeaf(id, "");
        timeOut(id, rootId);
    }

    function test_AnEmptyLeafBelowTheCount_CanNotBeShown() external {
        Draft memory d = ready();
        d.root.carryCount = 4;
        bytes32 rootId = accept(d);
        uint256 id = open(placeCall(d, TreeKind.Carry, 0, 3));
        vm.expectRevert(invalid("leaf"));
        disputes.showLeaf(id, "");
        timeOut(id, rootId);
    }

    /// @dev Children that do not add up are shown, and what was shown proves the fault.
    function test_ChildrenThatDoNotAddUp_AreShownAndProven() external {
        Draft memory d = ready();
        d.workTamper = TreeBuilder.Tamper(true, 1, 1, d.workLevels[1][1]);
        d.workTamper.node[47] ^= 0x01;
        close(d);
        bytes32 rootId = accept(d);
        uint256 id = openTop(d, TreeKind.Work);
        walk(d, id, 3);
        removeRoot(rootId);
        vm.prank(watcher);
        disputes.withdrawDispute(id);
    }

    // ---- the end of the window

    function test_RevertWhen_OpenedAfterTheWindow() external {
        (Draft memory d, bytes32 rootId) = acceptHonest();
        uint64 until = settlement.disputableUntil(rootId);
        vm.warp(until - 1);
        openTop(d, TreeKind.Carry);
        vm.warp(until);
        for (uint8 kind; kind < 4; ++kind) {
            expectOpenFault(
                openCall(d, TreeKind(kind), "late"),
                abi.encodeWithSelector(IDisputes.NotDisputable.selector, rootId, until, until)
            );
        }
    }

    /// @dev Hidden until the last moment: the answer after the window still leaves time to use it.
    function test_ALateAnswer_CanBeUsed() external {
        Draft memory d = ready();
        d.cumulative[1] += 1;
        d.cumulative[0] -= 1;
        close(d);
        bytes32 rootId = accept(d);
        vm.warp(settlement.disputableUntil(rootId) - 1);
        uint256 id = open(placeCall(d, TreeKind.Payout, 0, 1));
        vm.warp(disputes.disputeOf(id).dueAt);
        showLeaf(id, leafOf(d, TreeKind.Payout, 1));
        vm.expectPartialRevert(ISettlement.NotFinalisable.selector);
        settlement.finalise(rootId);
        vm.warp(block.timestamp + RESPONSE - 1);
        vm.expectPartialRevert(ISettlement.NotFinalisable.selector);
        settlement.finalise(rootId);
        PayoutProof memory none;
        challenge(
            address(challenges),
            watcher,
            abi.encodeCall(
                IChallenges.proveWrongPayout,
                (network, d.root, d.parent, payoutProof(d, 1), none, workProof(d, 1), "salt")
            )
        );
        assertTrue(settlement.isRemoved(rootId));
    }

    function test_ALateWorkLeaf_OpensItsVerdictsAndTheirBacking_AndALateEntryTheBackingAgain() external {
        (Draft memory d, bytes32 rootId) = acceptHonest();
        vm.warp(settlement.disputableUntil(rootId) - 1);
        uint256 id = open(placeCall(d, TreeKind.Work, 0, 0));
        uint256 stays = openTop(d, TreeKind.Carry);
        vm.warp(disputes.disputeOf(id).dueAt);
        bytes memory verdicts = openCall(d, TreeKind.Verdict, "late");
        bytes memory backing = abi.encodeCall(
            IDisputes.openUnbacked, (network, d.root, workProof(d, 0), verdictProof(d, 0, 0), "late")
        );
        bytes memory known = abi.encodeCall(
            IDisputes.openUnbacked, (network, d.root, workProof(d, 0), verdictProof(d, 0, 1), "late")
        );
        announce(address(disputes), watcher, verdicts);
        announce(address(disputes), watcher, backing);
        announce(address(disputes), watcher, known);
        vm.expectPartialRevert(IDisputes.NotDisputable.selector);
        submit(address(disputes), watcher, verdicts);
        vm.expectPartialRevert(IDisputes.NotDisputable.selector);
        submit(address(disputes), watcher, known);

        showLeaf(id, leafOf(d, TreeKind.Work, 0));
        vm.warp(block.timestamp + RESPONSE - 1);
        id = abi.decode(submit(address(disputes), watcher, verdicts), (uint256));
        // Somebody may have shown it before: nobody can have it shown again.
        submit(address(disputes), watcher, known);
        vm.warp(block.timestamp + 1);
        vm.expectPartialRevert(IDisputes.NotDisputable.selector);
        submit(address(disputes), watcher, backing);
        walk(d, id, 0);
        showLeaf(id, leafOf(d, TreeKind.Verdict, 0));
        uint256 shownAt = block.timestamp;
        submit(address(disputes), watcher, backing);

        // Other work leaves were not shown, and this one's time is over: the follow-ups end.
        vm.warp(shownAt + RESPONSE);
        expectOpenFault(
            abi.encodeCall(IDisputes.openHiddenVerdict, (network, d.root, workProof(d, 1), "late")),
            abi.encodeWithSelector(
                IDisputes.NotDisputable.selector, rootId, settlement.disputableUntil(rootId), block.timestamp
            )
        );
        bytes memory again = placeCall(d, TreeKind.Verdict, 0, 3);
        announce(address(disputes), watcher, again);
        vm.expectPartialRevert(IDisputes.NotDisputable.selector);
        submit(address(disputes), watcher, again);
        expectState(stays, DisputeState.AwaitingAnswer);
    }

    function removeRoot(bytes32 rootId) internal {
        vm.prank(address(challenges));
        settlement.remove(rootId, 1, stranger, 1);
    }

    function timeOut(uint256 id, bytes32 rootId) internal {
        vm.warp(disputes.disputeOf(id).dueAt + 1);
        disputes.timeout(id);
        expectState(id, DisputeState.Won);
        assertTrue(settlement.isRemoved(rootId));
    }

    function slice(bytes memory all, uint256 from, uint256 to) internal pure returns (bytes memory part) {
        part = new bytes(to - from);
        for (uint256 i; i < part.length; ++i) {
            part[i] = all[from + i];
        }
    }
}
