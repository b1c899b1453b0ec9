// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IChallenges, PayoutDescent, WorkDescent} from "../../src/interfaces/IChallenges.sol";
import {Dispute, DisputeState, IDisputes, TreeKind} from "../../src/interfaces/IDisputes.sol";
import {INetworks} from "../../src/interfaces/INetworks.sol";
import {IRewardVault} from "../../src/interfaces/IRewardVault.sol";
import {IStake, Role} from "../../src/interfaces/IStake.sol";
import {RootState} from "../../src/interfaces/ISettlement.sol";
import {PayoutNode, WorkNode} from "../../src/types/Root.sol";
import {DisputeWorld} from "./DisputeWorld.sol";

/// @notice Verifiers are honest. Griefers challenge in every way, and one answerer answers each at the last moment it may.
contract TrueWorld is DisputeWorld {
    uint256 private constant BOND = 10 ether;

    address public answerer = makeAddr("answerer");
    address[2] public griefers = [makeAddr("griefer 0"), makeAddr("griefer 1")];
    uint256 public griefersHad;
    uint256 public unanswered; // disputes that the honest answer did not end or carry on

    function setUp() public override {
        super.setUp();
        for (uint256 i; i < 2; ++i) {
            fund(griefers[i], address(disputes));
            griefersHad += 1000 ether;
        }
    }

    /// @notice On the way every dispute is answered in the last second of its clock, and those the griefers abandon run out.
    function advance(uint256 to) public override {
        for (uint256 i; i < 300; ++i) {
            (uint256 id, uint256 due) = _nextDue();
            if (id == 0 || due > to) break;
            super.advance(due);
            if (disputes.disputeOf(id).state == DisputeState.AwaitingAnswer) {
                if (!_answer(id, answerer)) ++unanswered;
            } else if (!_timeout(id)) {
                ++unanswered;
            }
        }
        super.advance(to);
    }

    function settle(uint256 seed) public returns (bool) {
        for (uint256 missed = random(seed, 2) % 3; missed > 0; --missed) {
            advance(end(epochNow()));
        }
        uint32 epoch = sealNext(seed, 1 + random(seed, 3) % 2, random(seed, 4) % 3);
        return attestBy(draftOf(epoch, seed), 2 + random(seed, 5) % 2);
    }

    /// @notice A one-move challenge, of rightly made proofs or with a byte that is not.
    function prove(uint256 seed) external {
        if (accepted.length == 0) return;
        seed = mixed(seed);
        Draft memory d = load(accepted[seed % accepted.length]);
        uint32 device = uint32(random(seed, 40) % DEVICES);
        bytes memory call = _proof(d, device, random(seed, 41) % 5, bytes32(seed));
        if (call.length == 0) return;
        if (seed >> 128 & 1 == 1) mutate(call, random(seed, 42));
        attemptAnnounced("prove", _griefer(seed), address(challenges), call);
    }

    function open(uint256 seed) external {
        seed = mixed(seed);
        bytes32 id = _openRoot(seed);
        if (id == 0 || settlement.disputableUntil(id) <= block.timestamp) {
            settle(random(seed, 36));
            id = _openRoot(0);
        }
        _openSomewhere("open", _griefer(seed), load(id), seed, seed >> 128 & 3 == 0);
    }

    /// @notice A griefer plays on, or does what is not its to do.
    function play(uint256 seed) external {
        if (_open.length == 0) return;
        uint256 id = _open[seed % _open.length];
        Dispute memory g = disputes.disputeOf(id);
        uint256 way = random(seed, 50) % 6;
        if (g.state == DisputeState.AwaitingAnswer && way < 4) {
            // Answered at once: by the answerer, or by a griefer that wants half of its bond back.
            if (!_answer(id, way < 2 ? answerer : _griefer(seed))) ++unanswered;
        } else if (g.state == DisputeState.AwaitingChallenger && way < 4) {
            _pick("pick", g.challenger, id, way & 1 == 1);
        } else if (way == 4) {
            bytes memory call = abi.encodeCall(IDisputes.withdrawDispute, (id));
            attempt("withdraw from a true root", g.challenger, address(disputes), call);
        } else {
            bytes memory call = abi.encodeCall(IDisputes.timeout, (id));
            attempt("timeout before time", g.challenger, address(disputes), call);
        }
        _sweep();
    }

    /// @notice An answer made up by a griefer.
    function answerFalsely(uint256 seed, bytes calldata made) external {
        if (_open.length == 0) return;
        seed = mixed(seed);
        uint256 id = _open[seed % _open.length];
        bytes memory call = seed >> 128 & 1 == 1
            ? abi.encodeCall(IDisputes.showLeaf, (id, made))
            : abi.encodeCall(IDisputes.showChildren, (id, made, made));
        attempt("answer falsely", _griefer(seed), address(disputes), call);
        _sweep();
    }

    function wait(uint256 seed) external {
        advance(block.timestamp + seed % 2 hours);
    }

    /// @notice The verifiers are gone and the owner is hostile; what is final is claimed all the same.
    /// @return ok whether every claim went through and all that the newest final root says was paid
    function claimAfterAll() external returns (bool ok) {
        for (uint256 i; i < 3; ++i) {
            bytes memory call = abi.encodeCall(IStake.requestExit, (network, Role.Verifier, 200 ether));
            attempt("requestExit", verifiers[i], address(stake), call);
        }
        bytes memory seize = abi.encodeCall(INetworks.changeOwner, (network, address(0)));
        attempt("changeOwner", governor, address(networks), seize);
        ok = true;
        address vault = networks.vaultOf(network);
        uint256 paid;
        for (uint256 i; i < finals.length; ++i) {
            Draft memory d = load(finals[i]);
            // Roots in the middle are claimed from here and there, the last one in full.
            uint256 step = i + 1 == finals.length ? 1 : 3;
            for (uint256 k = i % step; k < DEVICES; k += step) {
                bytes memory call = abi.encodeCall(
                    IRewardVault.claim, (finals[i], uint32(k), d.cumulative[k], payoutProof(d, k).siblings)
                );
                (bool claimed, bytes memory result) = attempt("claim", stranger, vault, call);
                if (!claimed) return false;
                paid += abi.decode(result, (uint256));
            }
            if (i + 1 == finals.length) ok = paid == d.root.payoutSum;
        }
    }

    // ---- what is so

    function rootThatFell() external view returns (bytes32) {
        for (uint256 i; i < accepted.length; ++i) {
            RootState state = settlement.recordOf(accepted[i]).state;
            if (state != RootState.Challengeable && state != RootState.Final) return accepted[i];
            if (!settlement.isStanding(accepted[i])) return accepted[i];
        }
        return 0;
    }

    function verifierThatLost() external view returns (address) {
        for (uint256 i; i < 3; ++i) {
            if (stake.slashableOf(network, Role.Verifier, verifiers[i]) != 200 ether) return verifiers[i];
        }
        return address(0);
    }

    /// @notice What the griefers have, and the most they may: every bond is out while its game is open, and at least half of it gone after.
    function griefersHave() external view returns (uint256 has, uint256 most) {
        has = token.balanceOf(griefers[0]) + token.balanceOf(griefers[1]);
        most = griefersHad - BOND * _open.length - BOND / 2 * done["dispute lost"];
    }

    function answererHas() external view returns (uint256) {
        return token.balanceOf(answerer);
    }

    function gamesOpen() external view returns (uint256) {
        return disputes.openDisputes(network);
    }

    // ----

    function _nextDue() private view returns (uint256 id, uint256 due) {
        due = type(uint256).max;
        for (uint256 i; i < _open.length; ++i) {
            Dispute memory g = disputes.disputeOf(_open[i]);
            uint256 next = g.state == DisputeState.AwaitingAnswer ? g.dueAt : uint256(g.dueAt) + 1;
            if (next < due) (id, due) = (_open[i], next);
        }
    }

    function _griefer(uint256 seed) private view returns (address) {
        return griefers[seed >> 200 & 1];
    }

    function _openRoot(uint256 seed) private view returns (bytes32) {
        if (accepted.length == 0) return 0;
        uint256 reach = accepted.length < 6 ? accepted.length : 6;
        return accepted[accepted.length - 1 - seed % reach];
    }

    function _proof(Draft memory d, uint32 device, uint256 kind, bytes32 salt)
        private
        view
        returns (bytes memory)
    {
        if (kind == 0) {
            return abi.encodeCall(
                IChallenges.proveWrongPayout,
                (
                    network,
                    d.root,
                    d.parent,
                    payoutProof(d, device),
                    parentProof(d, device),
                    workProof(d, device),
                    salt
                )
            );
        }
        if (kind == 1) {
            PayoutDescent memory descent = PayoutDescent(device, new PayoutNode[2][](2));
            for (uint256 k; k < 2; ++k) {
                uint256 left = device >> (2 - k) << 1;
                descent.pairs[k][0] = payoutNode(d.payoutLevels[1 - k][left]);
                descent.pairs[k][1] = payoutNode(d.payoutLevels[1 - k][left + 1]);
            }
            return abi.encodeCall(IChallenges.proveBadPayoutSum, (network, d.root, descent, salt));
        }
        if (kind == 2) {
            WorkDescent memory descent = _descent(d.workLevels, device);
            return abi.encodeCall(IChallenges.proveBadWorkSum, (network, d.root, descent, salt));
        }
        uint256 entries = d.verdicts[device].length;
        if (entries < 2) return "";
        if (kind == 3) {
            WorkDescent memory descent = _descent(d.verdictLevels[device], uint32(uint256(salt) % entries));
            return abi.encodeCall(
                IChallenges.proveBadVerdictSum, (network, d.root, workProof(d, device), descent, salt)
            );
        }
        uint32 place = uint32(uint256(salt) % (entries - 1));
        return abi.encodeCall(
            IChallenges.proveDisorder,
            (
                network,
                d.root,
                workProof(d, device),
                verdictProof(d, device, place),
                verdictProof(d, device, place + 1),
                salt
            )
        );
    }

    function _descent(bytes[][] memory levels, uint32 position)
        private
        pure
        returns (WorkDescent memory descent)
    {
        uint256 depth = levels.length - 1;
        descent = WorkDescent(position, new WorkNode[2][](depth));
        for (uint256 k; k < depth; ++k) {
            uint256 left = position >> (depth - k) << 1;
            descent.pairs[k][0] = workNode(levels[depth - 1 - k][left]);
            descent.pairs[k][1] = workNode(levels[depth - 1 - k][left + 1]);
        }
    }
}
