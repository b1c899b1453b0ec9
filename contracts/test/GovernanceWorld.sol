// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {NetworkGovernor, VotingRules} from "../src/NetworkGovernor.sol";
import {Reserve} from "../src/Reserve.sol";
import {RewardVault} from "../src/RewardVault.sol";
import {VotingToken} from "../src/VotingToken.sol";
import {PaymentsWorld} from "./PaymentsWorld.sol";

/// @notice A network whose owner is a governor's timelock. Alice holds 600 votes, Bob 300 and Carol 100, and one of 1 000 has to be there.
abstract contract GovernanceWorld is PaymentsWorld {
    uint48 internal constant VOTING_DELAY = 1 hours;
    uint32 internal constant VOTING_PERIOD = 3 days;
    uint48 internal constant LATE = 1 days;
    uint48 internal constant LOCK = 2 days;
    uint256 internal constant THRESHOLD = 100 ether;
    uint256 internal constant LEAST = 250 ether;

    address internal alice = makeAddr("alice");
    address internal bob = makeAddr("bob");
    address internal carol = makeAddr("carol");

    VotingToken internal votes;
    NetworkGovernor internal council;
    TimelockController internal timelock;
    RewardVault internal vault;
    Reserve internal reserve;

    struct Proposal {
        address[] targets;
        uint256[] values;
        bytes[] calls;
        string text;
    }

    function setUp() public virtual override {
        super.setUp();
        (vault, reserve) = (RewardVault(networks.vaultOf(network)), Reserve(networks.reserveOf(network)));
        votes = new VotingToken(IERC20(address(token)), "Voting Example", "vEX");
        council = new NetworkGovernor(votes, rules());
        timelock = TimelockController(payable(council.timelock()));
        vm.prank(governor);
        networks.changeOwner(network, address(timelock));
        lock(alice, 600 ether);
        lock(bob, 300 ether);
        lock(carol, 100 ether);
        skip(1);
    }

    function rules() internal pure virtual returns (VotingRules memory) {
        return VotingRules(VOTING_DELAY, VOTING_PERIOD, LATE, LOCK, THRESHOLD, 2_000, LEAST);
    }

    function lock(address voter, uint256 amount) internal {
        token.transfer(voter, amount);
        vm.startPrank(voter);
        token.approve(address(votes), amount);
        votes.depositFor(voter, amount);
        vm.stopPrank();
    }

    function proposal(address target, bytes memory call) internal pure returns (Proposal memory p) {
        (p.targets, p.values, p.calls) = (new address[](1), new uint256[](1), new bytes[](1));
        (p.targets[0], p.calls[0], p.text) = (target, call, "Because");
    }

    function propose(address by, Proposal memory p) internal returns (uint256) {
        vm.prank(by);
        return council.propose(p.targets, p.values, p.calls, p.text);
    }

    function cast(address voter, uint256 id, uint8 support) internal returns (uint256 weight) {
        vm.prank(voter);
        return council.castVote(id, support);
    }

    /// @notice Proposes, votes and queues, and waits until it can be executed.
    function pass(Proposal memory p) internal returns (uint256 id) {
        id = propose(alice, p);
        skip(VOTING_DELAY + 1);
        cast(alice, id, 1);
        skip(VOTING_PERIOD + 1);
        council.queue(p.targets, p.values, p.calls, keccak256(bytes(p.text)));
        skip(LOCK);
    }

    function execute(Proposal memory p) internal {
        council.execute(p.targets, p.values, p.calls, keccak256(bytes(p.text)));
    }

    function assertState(uint256 id, IGovernor.ProposalState expected) internal view {
        assertEq(uint8(council.state(id)), uint8(expected));
    }
}
