// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {ERC20 as SoladyERC20} from "solady/tokens/ERC20.sol";

import {NetworkGovernor} from "../src/NetworkGovernor.sol";
import {IBudgets} from "../src/interfaces/IBudgets.sol";
import {CreditTerms, ICredits} from "../src/interfaces/ICredits.sol";
import {IDevices} from "../src/interfaces/IDevices.sol";
import {INetworks} from "../src/interfaces/INetworks.sol";
import {BondTerms, IOperatorBonds} from "../src/interfaces/IOperatorBonds.sol";
import {IReserve} from "../src/interfaces/IReserve.sol";
import {IRewardVault} from "../src/interfaces/IRewardVault.sol";
import {ISettlement} from "../src/interfaces/ISettlement.sol";
import {IStake, Role} from "../src/interfaces/IStake.sol";
import {GovernanceWorld} from "./GovernanceWorld.sol";

contract GovernanceTest is GovernanceWorld {
    bytes internal constant NEXT = '{"version":2}';

    function test_default_AProposalAdoptsARuleset() external {
        Proposal memory p = adoption();
        uint256 id = propose(alice, p);
        vm.snapshotGasLastCall("governance", "propose");
        assertState(id, IGovernor.ProposalState.Pending);
        skip(VOTING_DELAY + 1);
        assertState(id, IGovernor.ProposalState.Active);
        cast(alice, id, 1);
        vm.snapshotGasLastCall("governance", "vote, first");
        cast(bob, id, 0);
        vm.snapshotGasLastCall("governance", "vote");
        skip(VOTING_PERIOD);
        assertState(id, IGovernor.ProposalState.Succeeded);
        council.queue(p.targets, p.values, p.calls, keccak256(bytes(p.text)));
        vm.snapshotGasLastCall("governance", "queue");
        assertState(id, IGovernor.ProposalState.Queued);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        execute(p);
        skip(LOCK);
        uint32 adoptedIn = networks.timelineOf(network).epochAt(block.timestamp);
        vm.prank(stranger);
        execute(p);
        vm.snapshotGasLastCall("governance", "execute");
        assertState(id, IGovernor.ProposalState.Executed);
        assertEq(networks.rulesetAt(network, adoptedIn).hash, keccak256(RULESET));
        assertEq(networks.rulesetAt(network, adoptedIn + 1).hash, keccak256(NEXT));
    }

    function test_default_NobodyHoldsAKey() external view {
        assertTrue(timelock.hasRole(timelock.PROPOSER_ROLE(), address(council)));
        assertTrue(timelock.hasRole(timelock.CANCELLER_ROLE(), address(council)));
        assertTrue(timelock.hasRole(timelock.EXECUTOR_ROLE(), address(0)));
        bytes32 admin = timelock.DEFAULT_ADMIN_ROLE();
        assertTrue(timelock.hasRole(admin, address(timelock)));
        for (uint256 i; i < 4; ++i) {
            address someone = [address(this), address(council), alice, governor][i];
            assertFalse(timelock.hasRole(admin, someone));
        }
        assertFalse(timelock.hasRole(timelock.PROPOSER_ROLE(), address(this)));
        assertEq(networks.ownerOf(network), address(timelock));
    }

    function test_RevertWhen_AnybodyTriesWithoutAVote() external {
        vm.startPrank(alice);
        bytes memory notOwner =
            abi.encodeWithSelector(INetworks.NotOwner.selector, network, alice, address(timelock));
        refused(address(networks), adoption().calls[0], notOwner);
        refused(address(networks), abi.encodeCall(INetworks.changeOwner, (network, alice)), notOwner);
        refused(address(networks), abi.encodeCall(INetworks.setMaker, (network, 0, alice, true)), notOwner);
        refused(address(networks), abi.encodeCall(INetworks.requireMaker, (network, 0, true)), notOwner);
        refused(address(networks), abi.encodeCall(INetworks.quarantine, (network, bytes32(0))), notOwner);
        refused(address(credits), abi.encodeCall(ICredits.setTerms, (network, terms())), notOwner);

        refused(
            address(operatorBonds), abi.encodeCall(IOperatorBonds.setLeastBond, (network, 0, 1)), notOwner
        );
        BondTerms memory bondTerms;
        refused(
            address(operatorBonds), abi.encodeCall(IOperatorBonds.setTerms, (network, bondTerms)), notOwner
        );

        bytes4 noRole = IAccessControl.AccessControlUnauthorizedAccount.selector;
        Proposal memory p = adoption();
        bytes memory schedule = abi.encodeCall(
            TimelockController.schedule, (p.targets[0], 0, p.calls[0], bytes32(0), bytes32(0), LOCK)
        );
        refused(address(timelock), schedule, abi.encodeWithSelector(noRole, alice, timelock.PROPOSER_ROLE()));
        refused(
            address(timelock),
            abi.encodeCall(TimelockController.cancel, (bytes32(0))),
            abi.encodeWithSelector(noRole, alice, timelock.CANCELLER_ROLE())
        );
        refused(
            address(timelock),
            abi.encodeCall(IAccessControl.grantRole, (timelock.PROPOSER_ROLE(), alice)),
            abi.encodeWithSelector(noRole, alice, bytes32(0))
        );
        refused(
            address(timelock),
            abi.encodeCall(TimelockController.updateDelay, (0)),
            abi.encodeWithSelector(TimelockController.TimelockUnauthorizedCaller.selector, alice)
        );
        bytes memory onlyExecutor = abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, alice);
        refused(address(council), abi.encodeCall(NetworkGovernor.setLeastQuorum, (0)), onlyExecutor);
        refused(address(council), abi.encodeWithSignature("setVotingPeriod(uint32)", 1), onlyExecutor);
        refused(address(council), abi.encodeWithSignature("setProposalThreshold(uint256)", 0), onlyExecutor);
        refused(address(council), abi.encodeWithSignature("updateQuorumNumerator(uint256)", 0), onlyExecutor);
        refused(address(council), abi.encodeWithSignature("updateTimelock(address)", alice), onlyExecutor);
        vm.stopPrank();
    }

    /// @dev What a vote may ask for, and no contract does: each passes its vote and is refused with the error that says why.
    function test_RevertWhen_AProposalWouldTouchFundsBondsOrRoots() external {
        bytes memory poor = abi.encodeWithSelector(SoladyERC20.InsufficientAllowance.selector);
        address thief = address(timelock);
        breaks(address(token), abi.encodeCall(token.transferFrom, (address(reserve), thief, 1)), poor);
        breaks(address(token), abi.encodeCall(token.transferFrom, (address(vault), thief, 1)), poor);
        breaks(address(token), abi.encodeCall(token.transferFrom, (address(stake), thief, 1)), poor);
        breaks(address(token), abi.encodeCall(token.transferFrom, (address(votes), thief, 1)), poor);
        breaks(address(token), abi.encodeCall(token.burnFrom, (address(reserve), 1)), poor);
        bytes memory notSettlement = abi.encodeWithSelector(IReserve.NotSettlement.selector, thief);
        breaks(address(reserve), abi.encodeCall(IReserve.releaseToVault, (1)), notSettlement);
        breaks(address(reserve), abi.encodeCall(IReserve.payAttester, (thief, 1)), notSettlement);
        breaks(
            address(vault),
            abi.encodeCall(IRewardVault.payNeighbour, (0, 1)),
            abi.encodeWithSelector(IRewardVault.NotSelf.selector, thief)
        );
        breaks(
            address(devices),
            abi.encodeCall(IDevices.recordClaim, (network, 0, type(uint96).max)),
            abi.encodeWithSelector(IDevices.NotVault.selector, thief, address(vault))
        );
        breaks(
            address(budgets),
            abi.encodeCall(IBudgets.adopt, (network, 0, still([uint16(10_000), 0, 0, 0]))),
            abi.encodeWithSelector(IBudgets.NotNetworks.selector, thief)
        );
        bytes memory notAuthorised = abi.encodeWithSelector(IStake.NotAuthorised.selector, thief);
        breaks(
            address(stake),
            abi.encodeCall(IStake.slash, (network, Role.Verifier, verifiers[0], 1)),
            notAuthorised
        );
        breaks(
            address(stake),
            abi.encodeCall(IStake.slashAll, (network, Role.Verifier, verifiers[0], thief)),
            notAuthorised
        );
        bytes memory notPayments = abi.encodeWithSelector(ICredits.NotPayments.selector, thief);
        breaks(address(credits), abi.encodeCall(ICredits.payOut, (network, thief, 0, 1)), notPayments);
        breaks(address(credits), abi.encodeCall(ICredits.spend, (network, payer, thief, 0, 1)), notPayments);
        bytes memory notChallenges = abi.encodeWithSelector(ISettlement.NotChallenges.selector, thief);
        breaks(
            address(settlement), abi.encodeCall(ISettlement.remove, (bytes32(0), 1, thief, 0)), notChallenges
        );
        breaks(address(settlement), abi.encodeCall(ISettlement.challengeOpened, (bytes32(0))), notChallenges);
    }

    function test_RevertWhen_AProposalsTermsAreImpossible() external {
        breaks(
            address(networks),
            abi.encodeCall(INetworks.adoptRuleset, (network, NEXT, still([uint16(9_999), 0, 0, 0]))),
            abi.encodeWithSelector(IBudgets.WeightsNotWhole.selector, 0, 9_999)
        );
        CreditTerms memory t = terms();
        t.sellerBps[1] = 10_001;
        breaks(
            address(credits),
            abi.encodeCall(ICredits.setTerms, (network, t)),
            abi.encodeWithSelector(ICredits.TermsInvalid.selector, "sellerBps", 10_001)
        );
    }

    function test_RevertWhen_TheProposerHasTooFewVotes() external {
        lock(stranger, THRESHOLD - 1);
        skip(1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector, stranger, THRESHOLD - 1, THRESHOLD
            )
        );
        propose(stranger, adoption());
        lock(stranger, 1);
        vm.expectPartialRevert(IGovernor.GovernorInsufficientProposerVotes.selector);
        propose(stranger, adoption());
        skip(1);
        propose(stranger, adoption());
    }

    /// @dev Votes are of the second before: what is borrowed and returned within a transaction, or a second, is nobody's.
    function test_RevertWhen_VotesAreBorrowed() external {
        lock(stranger, 1e24);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector, stranger, 0, THRESHOLD
            )
        );
        propose(stranger, adoption());
        unlock(stranger, 1e24);

        uint256 id = propose(alice, adoption());
        skip(VOTING_DELAY);
        lock(stranger, 1e24);
        unlock(stranger, 1e24);
        skip(1);
        assertEq(cast(stranger, id, 0), 0, "borrowed within the second of the snapshot");
        lock(watcher, 1e24);
        skip(1);
        assertEq(cast(watcher, id, 0), 0, "locked after the snapshot");
        assertEq(cast(carol, id, 1), 100 ether);
        unlock(carol, 100 ether);
        lock(payer, 100 ether);
        assertEq(cast(payer, id, 1), 0, "the same tokens, once more");
    }

    function test_default_AVoteThatMeetsItsQuorumLateStaysOpen() external {
        uint256 id = propose(alice, adoption());
        skip(VOTING_DELAY + 1);
        cast(carol, id, 0);
        uint256 deadline = council.proposalDeadline(id);
        vm.warp(deadline);
        cast(alice, id, 1);
        assertEq(council.proposalDeadline(id), deadline + LATE);
        vm.warp(deadline + LATE);
        cast(bob, id, 1);
        assertEq(council.proposalDeadline(id), deadline + LATE, "once");
        skip(1);
        assertState(id, IGovernor.ProposalState.Succeeded);
    }

    function test_default_TheFirstToLockIsNotTheWholeElectorate() external {
        unlock(alice, 600 ether);
        unlock(bob, 300 ether);
        skip(1);
        uint256 id = propose(carol, adoption());
        skip(VOTING_DELAY + 1);
        cast(carol, id, 1);
        assertEq(council.quorum(council.proposalSnapshot(id)), LEAST, "and not a fifth of 100");
        skip(VOTING_PERIOD);
        assertState(id, IGovernor.ProposalState.Defeated);
    }

    /// @dev Whatever is locked and voted: it passes exactly with a quorum of for and abstain, and more for than against.
    function testFuzz_QuorumAndMajority(uint96[3] memory locked, uint8[3] memory support) external {
        unlock(alice, 600 ether);
        unlock(bob, 300 ether);
        unlock(carol, 100 ether);
        uint256[3] memory cast_;
        uint256 supply = THRESHOLD;
        lock(stranger, THRESHOLD);
        address[3] memory voters = [alice, bob, carol];
        for (uint256 i; i < 3; ++i) {
            uint256 amount = bound(locked[i], 0, 1000 ether);
            if (amount > 0) lock(voters[i], amount);
            supply += amount;
        }
        skip(1);
        uint256 id = propose(stranger, adoption());
        skip(VOTING_DELAY + 1);
        for (uint256 i; i < 3; ++i) {
            uint8 way = support[i] % 3;
            cast_[way] += cast(voters[i], id, way);
        }
        vm.warp(council.proposalDeadline(id) + 1);
        uint256 fifth = supply * 2_000 / 10_000;
        bool quorate = cast_[1] + cast_[2] >= (fifth > LEAST ? fifth : LEAST);
        bool passes = quorate && cast_[1] > cast_[0];
        assertState(id, passes ? IGovernor.ProposalState.Succeeded : IGovernor.ProposalState.Defeated);
    }

    function testFuzz_ThresholdToTheUnit(uint256 locked) external {
        locked = bound(locked, 1, 2 * THRESHOLD);
        lock(stranger, locked);
        skip(1);
        if (locked < THRESHOLD) vm.expectPartialRevert(IGovernor.GovernorInsufficientProposerVotes.selector);
        propose(stranger, adoption());
    }

    function test_default_AVoteChangesTheRulesOfVoting() external {
        Proposal memory p =
            proposal(address(council), abi.encodeCall(NetworkGovernor.setLeastQuorum, (1 ether)));
        uint256 before = block.timestamp;
        pass(p);
        vm.expectEmit(address(council));
        emit NetworkGovernor.LeastQuorumSet(LEAST, 1 ether);
        execute(p);
        skip(1);
        assertEq(council.leastQuorum(block.timestamp - 1), 1 ether);
        assertEq(council.leastQuorum(before), LEAST, "votes that had begun keep theirs");
    }

    function test_default_AllCallsOfAProposalOrNone() external {
        Proposal memory p = adoption();
        (p.targets, p.values, p.calls) = (new address[](2), new uint256[](2), new bytes[](2));
        Proposal memory good = adoption();
        (p.targets[0], p.calls[0]) = (good.targets[0], good.calls[0]);
        (p.targets[1], p.calls[1]) =
        (address(token), abi.encodeCall(token.transferFrom, (address(reserve), alice, 1)));
        pass(p);
        vm.expectRevert(SoladyERC20.InsufficientAllowance.selector);
        execute(p);
        uint32 next = networks.timelineOf(network).epochAt(block.timestamp) + 1;
        assertEq(networks.rulesetAt(network, next).hash, keccak256(RULESET));
    }

    function test_default_AVoteHandsTheNetworkOver() external {
        pass(proposal(address(networks), abi.encodeCall(INetworks.changeOwner, (network, bob))));
        Proposal memory p = proposal(address(networks), abi.encodeCall(INetworks.changeOwner, (network, bob)));
        // At the timelock itself: its executor is anybody.
        vm.prank(stranger);
        timelock.executeBatch(
            p.targets, p.values, p.calls, 0, bytes20(address(council)) ^ keccak256(bytes(p.text))
        );
        assertEq(networks.ownerOf(network), bob);
        assertState(
            council.hashProposal(p.targets, p.values, p.calls, keccak256(bytes(p.text))),
            IGovernor.ProposalState.Executed
        );
        breaks(
            address(networks),
            abi.encodeCall(INetworks.quarantine, (network, bytes32(0))),
            abi.encodeWithSelector(INetworks.NotOwner.selector, network, address(timelock), bob)
        );
    }

    function test_default_AProposerTakesBackWhatIsNotVotedOnYet() external {
        Proposal memory p = adoption();
        uint256 id = propose(carol, p);
        bytes32 text = keccak256(bytes(p.text));
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, alice));
        council.cancel(p.targets, p.values, p.calls, text);
        vm.prank(carol);
        council.cancel(p.targets, p.values, p.calls, text);
        assertState(id, IGovernor.ProposalState.Canceled);
    }

    function adoption() private view returns (Proposal memory) {
        return proposal(
            address(networks),
            abi.encodeCall(INetworks.adoptRuleset, (network, NEXT, still([uint16(10_000), 0, 0, 0])))
        );
    }

    function unlock(address voter, uint256 amount) private {
        vm.prank(voter);
        votes.withdrawTo(voter, amount);
    }

    /// @dev Of the pranked caller.
    function refused(address target, bytes memory call, bytes memory expected) private {
        (bool done, bytes memory answer) = target.call(call);
        assertFalse(done);
        assertEq(answer, expected);
    }

    function breaks(address target, bytes memory call, bytes memory expected) private {
        Proposal memory p = proposal(target, call);
        uint256 id = pass(p);
        uint256[5] memory held = balances();
        vm.expectRevert(expected);
        execute(p);
        assertState(id, IGovernor.ProposalState.Queued);
        assertEq(abi.encode(balances()), abi.encode(held));
    }

    function balances() private view returns (uint256[5] memory) {
        return [
            token.balanceOf(address(reserve)),
            token.balanceOf(address(vault)),
            token.balanceOf(address(stake)),
            token.balanceOf(address(credits)),
            token.balanceOf(address(votes))
        ];
    }
}
