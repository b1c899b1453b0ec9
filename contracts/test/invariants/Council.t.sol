// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

import {NetworkGovernor} from "../../src/NetworkGovernor.sol";
import {INetworks} from "../../src/interfaces/INetworks.sol";
import {GovernanceWorld} from "../GovernanceWorld.sol";

/// @notice Three voters who propose, vote, queue and execute in any order, and try to do without.
contract CouncilWorld is GovernanceWorld {
    Proposal[] private _proposals;
    uint256[] private _ids;
    mapping(bytes32 action => uint256) public done;
    bytes32 public lastHash = keccak256(RULESET);
    bool public unearned; // something was executed that had not passed, or before its time
    bool public meddled; // somebody changed something without a vote

    function setUp() public override {
        super.setUp();
        for (uint256 i; i < 3; ++i) {
            token.transfer(who(i), 1000 ether);
            vm.prank(who(i));
            token.approve(address(votes), type(uint256).max);
        }
    }

    function who(uint256 i) public view returns (address) {
        return [alice, bob, carol][i % 3];
    }

    function lockMore(uint256 seed, uint96 amount) external {
        vm.prank(who(seed));
        try votes.depositFor(who(seed), amount % 100 ether) {} catch {}
    }

    function takeBack(uint256 seed, uint96 amount) external {
        vm.prank(who(seed));
        try votes.withdrawTo(who(seed), amount % 100 ether) {} catch {}
    }

    function bringIn(uint256 seed) external {
        bytes memory document = abi.encode(_ids.length);
        Proposal memory p = proposal(
            address(networks),
            abi.encodeCall(INetworks.adoptRuleset, (network, document, still([uint16(10_000), 0, 0, 0])))
        );
        vm.prank(who(seed));
        try council.propose(p.targets, p.values, p.calls, p.text) returns (uint256 id) {
            _proposals.push(p);
            _ids.push(id);
            ++done["propose"];
        } catch {}
    }

    function say(uint256 seed, uint8 support) external {
        if (_ids.length == 0) return;
        vm.prank(who(seed));
        try council.castVote(_ids[_newest(seed)], support % 3) {
            ++done["vote"];
        } catch {}
    }

    function queue(uint256 seed) external {
        if (_ids.length == 0) return;
        Proposal memory p = _proposals[_newest(seed)];
        try council.queue(p.targets, p.values, p.calls, keccak256(bytes(p.text))) {
            ++done["queue"];
        } catch {}
    }

    function carryOut(uint256 seed) external {
        if (_ids.length == 0) return;
        uint256 place = _newest(seed);
        Proposal memory p = _proposals[place];
        bytes32 text = keccak256(bytes(p.text));
        uint256 eta = council.proposalEta(_ids[place]);
        vm.prank(who(seed >> 8));
        if (seed >> 16 & 1 == 0) {
            try council.execute(p.targets, p.values, p.calls, text) {}
                catch {
                return;
            }
        } else {
            try timelock.executeBatch(p.targets, p.values, p.calls, 0, bytes20(address(council)) ^ text) {}
                catch {
                return;
            }
        }
        ++done["execute"];
        lastHash = keccak256(abi.encode(place));
        (uint256 against, uint256 inFavour, uint256 abstain) = council.proposalVotes(_ids[place]);
        uint256 snapshot = council.proposalSnapshot(_ids[place]);
        bool passed = inFavour > against && inFavour + abstain >= council.quorum(snapshot);
        uint256 least = snapshot + VOTING_PERIOD + LOCK;
        if (!passed || eta == 0 || block.timestamp < eta || block.timestamp < least) unearned = true;
    }

    function takeOut(uint256 seed) external {
        if (_ids.length == 0) return;
        Proposal memory p = _proposals[_newest(seed)];
        vm.prank(who(seed));
        try council.cancel(p.targets, p.values, p.calls, keccak256(bytes(p.text))) {} catch {}
    }

    function wait(uint32 time) external {
        skip(time % 2 days);
    }

    /// @dev Everything a vote could do, without one.
    function meddle(uint256 seed) external {
        vm.startPrank(who(seed));
        address someone = who(seed >> 8);
        bytes memory adopt =
            abi.encodeCall(INetworks.adoptRuleset, (network, "{}", still([uint16(10_000), 0, 0, 0])));
        meddled = meddled || _done(address(networks), adopt)
            || _done(address(networks), abi.encodeCall(INetworks.changeOwner, (network, someone)))
            || _done(
                address(timelock),
                abi.encodeCall(
                    TimelockController.schedule,
                    (address(networks), 0, adopt, bytes32(0), bytes32(seed), LOCK)
                )
            ) || _done(address(timelock), abi.encodeCall(TimelockController.updateDelay, (0)))
            || _done(address(council), abi.encodeCall(NetworkGovernor.setLeastQuorum, (0)))
            || _done(
                address(council),
                abi.encodeWithSignature("relay(address,uint256,bytes)", address(networks), 0, adopt)
            );
        vm.stopPrank();
    }

    function rulesetHash() external view returns (bytes32) {
        return networks.rulesetAt(network, type(uint32).max).hash;
    }

    function isOwned() external view returns (bool) {
        return networks.ownerOf(network) == address(timelock);
    }

    /// @notice One life of a proposal, straight through.
    function live() external {
        for (uint256 i; i < 3; ++i) {
            this.lockMore(i, 99 ether);
        }
        skip(1);
        this.bringIn(0);
        skip(VOTING_DELAY + 1);
        for (uint256 i; i < 3; ++i) {
            this.say(i, 1);
        }
        skip(VOTING_PERIOD + LATE + 1);
        this.queue(0);
        skip(LOCK);
        this.carryOut(0);
    }

    /// @dev Mostly the last, so that lives get to their end.
    function _newest(uint256 seed) private view returns (uint256) {
        uint256 last = _ids.length - 1;
        return seed >> 32 & 3 == 3 ? (seed >> 34) % _ids.length : last;
    }

    function _done(address target, bytes memory call) private returns (bool success) {
        (success,) = target.call(call);
    }
}

/// @notice Nothing of the network changes but by what passed, after its time, whatever anybody does in whatever order.
contract CouncilInvariants is GovernanceWorld {
    CouncilWorld private world;

    function setUp() public override {
        world = new CouncilWorld();
        world.setUp();
        bytes4[] memory acts = new bytes4[](9);
        acts[0] = CouncilWorld.lockMore.selector;
        acts[1] = CouncilWorld.takeBack.selector;
        acts[2] = CouncilWorld.bringIn.selector;
        acts[3] = CouncilWorld.say.selector;
        acts[4] = CouncilWorld.queue.selector;
        acts[5] = CouncilWorld.carryOut.selector;
        acts[6] = CouncilWorld.takeOut.selector;
        acts[7] = CouncilWorld.wait.selector;
        acts[8] = CouncilWorld.meddle.selector;
        targetSelector(FuzzSelector(address(world), acts));
        targetContract(address(world));
    }

    function invariant_OnlyWhatPassedChangesAnything() external view {
        assertEq(world.rulesetHash(), world.lastHash());
        assertTrue(world.isOwned());
        assertFalse(world.unearned());
        assertFalse(world.meddled());
    }

    /// @notice No run counts in which nothing was executed.
    function afterInvariant() external {
        if (world.done("execute") == 0) world.live();
        assertGt(world.done("execute"), 0, "the world got stuck");
        this.invariant_OnlyWhatPassedChangesAnything();
    }
}
