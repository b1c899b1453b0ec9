// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    IChallenges,
    PayoutDescent,
    PayoutProof,
    VerdictProof,
    WorkDescent,
    WorkProof
} from "../../src/interfaces/IChallenges.sol";
import {Dispute, DisputeState, IDisputes, NodePlace, TreeKind} from "../../src/interfaces/IDisputes.sol";
import {PayoutNode, Root, VerdictEntry, WorkLeaf, WorkNode} from "../../src/types/Root.sol";
import {TreeBuilder} from "../TreeBuilder.sol";
import {DisputeWorld} from "./DisputeWorld.sol";

/// @notice One watcher that knows the true root, the false one's header, and nothing else of it but what answers have shown.
///         It follows the first difference down the work tree, a verdict tree under it, the payout tree and the carry tree, and uses what it finds.
abstract contract Watcher is DisputeWorld {
    enum Found {
        Nothing, // no difference
        Unknown, // a node that was not shown yet
        BadSum,
        Leaf
    }

    struct Finding {
        Found found;
        uint256 height;
        uint256 position;
        bytes node;
        bytes siblings; // from the node's level up
        bytes[2][] pairs; // from the top down
        bytes leaf;
    }

    mapping(bytes32 falseId => bytes32 trueId) public truthOf;
    mapping(bytes32 rootId => uint256) internal _currentGame;
    /// @notice A false root in which the watcher found no next move.
    bytes32 public helpless;

    /// @notice The next right move. Call it again when something was answered.
    function _watch(bytes32 id) internal {
        uint256 game = _currentGame[id];
        if (game != 0) {
            Dispute memory g = disputes.disputeOf(game);
            if (g.state == DisputeState.AwaitingAnswer) return;
            if (g.state == DisputeState.AwaitingChallenger) return _goDown(id, game, g);
            _currentGame[id] = 0;
        }
        Draft memory t = load(truthOf[id]);
        Root memory root = _unpacked(id).root;
        bytes memory top = abi.encodePacked(root.workHash, _sums(root.workSums));
        Finding memory f = _explore(id, TreeKind.Work, 0, top, t.workLevels);
        if (f.found != Found.Nothing) return _followWork(id, root, t, f);
        f = _explore(
            id, TreeKind.Payout, 0, abi.encodePacked(root.payoutHash, root.payoutSum), t.payoutLevels
        );
        if (f.found != Found.Nothing) return _followPayout(id, root, t, f);
        f = _explore(id, TreeKind.Carry, 0, abi.encodePacked(root.carryHash), t.carryLevels);
        if (f.found == Found.Nothing && root.carryCount != t.root.carryCount) {
            // The same tree, of which another number of leaves is said to be in use.
            uint256 first = root.carryCount < t.root.carryCount ? root.carryCount : t.root.carryCount;
            f = Finding(
                Found.Unknown,
                0,
                first,
                t.carryLevels[0][first],
                TreeBuilder.siblings(t.carryLevels, 0, first),
                f.pairs,
                ""
            );
        }
        if (f.found != Found.Unknown) helpless = id;
        else _ask(id, root, TreeKind.Carry, f, t.carryLevels.length - 1);
    }

    function _followWork(bytes32 id, Root memory root, Draft memory t, Finding memory f) private {
        if (f.found == Found.Unknown) return _ask(id, root, TreeKind.Work, f, t.workLevels.length - 1);
        if (f.found == Found.BadSum) {
            WorkDescent memory descent = _descent(f);
            return _prove(abi.encodeCall(IChallenges.proveBadWorkSum, (network, root, descent, "salt")));
        }
        WorkProof memory work = WorkProof(_workLeaf(f.leaf), f.siblings);
        uint32 device = work.leaf.index;
        bytes memory top = abi.encodePacked(work.leaf.verdictHash, TreeBuilder.wide(work.leaf.work));
        Finding memory v = _explore(id, TreeKind.Verdict, device, top, t.verdictLevels[device]);
        if (v.found == Found.Unknown) {
            return _askVerdict(id, root, work, v, t.verdictLevels[device].length - 1);
        }
        if (v.found == Found.BadSum) {
            bytes memory call =
                abi.encodeCall(IChallenges.proveBadVerdictSum, (network, root, work, _descent(v), "salt"));
            return _prove(call);
        }
        if (v.found != Found.Leaf) {
            helpless = id;
            return;
        }
        VerdictEntry memory entry = _entry(v.leaf);
        VerdictProof memory proof = VerdictProof(entry, uint32(v.position), v.siblings);
        if (_place(t, device, v.node) == type(uint256).max) {
            bytes memory call = abi.encodeCall(IDisputes.openUnbacked, (network, root, work, proof, "salt"));
            _currentGame[id] = _tryOpen("watcher opens", watcher, call, abi.encode(entry));
        } else {
            _proveDisorder(id, root, t, work, proof, v.node);
        }
        if (_currentGame[id] == 0 && !settlement.isRemoved(id)) helpless = id;
    }

    /// @dev A true entry in another's place: its neighbour under the same node is one of the true entries too, known by its hash.
    function _proveDisorder(
        bytes32 id,
        Root memory root,
        Draft memory t,
        WorkProof memory work,
        VerdictProof memory proof,
        bytes memory node
    ) private {
        bytes memory neighbour = _cut(proof.siblings, 0, 96);
        uint256 place = _place(t, work.leaf.index, neighbour);
        if (place == type(uint256).max) {
            helpless = id;
            return;
        }
        VerdictProof memory other = VerdictProof(
            t.verdicts[work.leaf.index][place],
            proof.position ^ 1,
            abi.encodePacked(node, _cut(proof.siblings, 96, proof.siblings.length))
        );
        (VerdictProof memory a, VerdictProof memory b) =
            proof.position & 1 == 0 ? (proof, other) : (other, proof);
        _prove(abi.encodeCall(IChallenges.proveDisorder, (network, root, work, a, b, "salt")));
    }

    function _followPayout(bytes32 id, Root memory root, Draft memory t, Finding memory f) private {
        if (f.found == Found.Unknown) return _ask(id, root, TreeKind.Payout, f, t.payoutLevels.length - 1);
        if (f.found == Found.BadSum) {
            PayoutDescent memory descent =
                PayoutDescent(uint32(f.position << f.height), new PayoutNode[2][](f.pairs.length));
            for (uint256 k; k < f.pairs.length; ++k) {
                descent.pairs[k][0] = payoutNode(f.pairs[k][0]);
                descent.pairs[k][1] = payoutNode(f.pairs[k][1]);
            }
            return _prove(abi.encodeCall(IChallenges.proveBadPayoutSum, (network, root, descent, "salt")));
        }
        PayoutProof memory payout = PayoutProof(uint128(bytes16(_cut(f.leaf, 4, 20))), f.siblings);
        bytes memory call = abi.encodeCall(
            IChallenges.proveWrongPayout,
            (
                network,
                root,
                t.parent,
                payout,
                parentProof(t, f.position),
                workProof(t, f.position),
                bytes32("salt")
            )
        );
        _prove(call);
    }

    /// @dev As far down as answers have shown, always to the first child that is not the true one.
    function _explore(bytes32 id, TreeKind tree, uint256 device, bytes memory top, bytes[][] memory truth)
        private
        view
        returns (Finding memory f)
    {
        f.height = truth.length - 1;
        f.node = top;
        while (true) {
            if (keccak256(f.node) == keccak256(truth[f.height][f.position])) return f;
            bytes32 key = _placeKey(id, tree, device, f.height, f.position);
            f.found = Found.Unknown;
            if (!_isSeen[key]) return f;
            bytes memory seen = _seen[key];
            if (f.height == 0) {
                (f.found, f.leaf) = (Found.Leaf, seen);
                return f;
            }
            bytes memory left = _cut(seen, 0, seen.length / 2);
            bytes memory right = _cut(seen, seen.length / 2, seen.length);
            f.pairs = _append(f.pairs, left, right);
            if (!_addsUp(left, right, f.node)) {
                f.found = Found.BadSum;
                return f;
            }
            f.found = Found.Nothing;
            f.height -= 1;
            f.position *= 2;
            bool goesRight = keccak256(left) == keccak256(truth[f.height][f.position]);
            if (goesRight) f.position += 1;
            f.node = goesRight ? right : left;
            f.siblings = abi.encodePacked(goesRight ? left : right, f.siblings);
        }
    }

    function _goDown(bytes32 id, uint256 game, Dispute memory g) private {
        Draft memory t = load(truthOf[id]);
        bytes memory seen = _seen[_placeKey(id, g.tree, g.device, g.height, g.position)];
        bytes memory left = _cut(seen, 0, seen.length / 2);
        bytes memory right = _cut(seen, seen.length / 2, seen.length);
        bytes[][] memory truth = levelsOf(t, g.tree, g.device);
        bool goesRight = keccak256(left) == keccak256(truth[g.height - 1][2 * g.position]);
        bytes memory call = abi.encodeCall(IDisputes.pick, (game, goesRight, left, right));
        (bool ok,) = attempt("watcher picks", watcher, address(disputes), call);
        if (!ok) helpless = id;
    }

    function _ask(bytes32 id, Root memory root, TreeKind tree, Finding memory f, uint256 depth) private {
        bytes memory call = f.height == depth
            ? abi.encodeCall(IDisputes.openHidden, (network, root, tree, "salt"))
            : abi.encodeCall(IDisputes.openHiddenAt, (network, root, tree, _placeOf(f), "salt"));
        _currentGame[id] = _tryOpen("watcher opens", watcher, call, "");
        if (_currentGame[id] == 0) helpless = id;
    }

    function _askVerdict(bytes32 id, Root memory root, WorkProof memory work, Finding memory f, uint256 depth)
        private
    {
        bytes memory call = f.height == depth
            ? abi.encodeCall(IDisputes.openHiddenVerdict, (network, root, work, "salt"))
            : abi.encodeCall(IDisputes.openHiddenVerdictAt, (network, root, work, _placeOf(f), "salt"));
        _currentGame[id] = _tryOpen("watcher opens", watcher, call, "");
        if (_currentGame[id] == 0) helpless = id;
    }

    function _prove(bytes memory call) private {
        attemptAnnounced("watcher proves", watcher, address(challenges), call);
    }

    function _placeOf(Finding memory f) private pure returns (NodePlace memory) {
        return NodePlace(uint8(f.height), uint32(f.position), f.node, f.siblings);
    }

    function _descent(Finding memory f) private pure returns (WorkDescent memory descent) {
        descent = WorkDescent(uint32(f.position << f.height), new WorkNode[2][](f.pairs.length));
        for (uint256 k; k < f.pairs.length; ++k) {
            descent.pairs[k][0] = workNode(f.pairs[k][0]);
            descent.pairs[k][1] = workNode(f.pairs[k][1]);
        }
    }

    /// @dev Where among the device's true entries the one of this node is.
    function _place(Draft memory t, uint256 device, bytes memory node) private pure returns (uint256) {
        for (uint256 i; i < t.verdicts[device].length; ++i) {
            if (keccak256(TreeBuilder.verdictLeaf(t.verdicts[device][i])) == keccak256(node)) return i;
        }
        return type(uint256).max;
    }

    function _addsUp(bytes memory left, bytes memory right, bytes memory above) private pure returns (bool) {
        for (uint256 p; p < (above.length - 32) / 16; ++p) {
            uint256 sum = uint256(TreeBuilder.sumAt(left, p)) + TreeBuilder.sumAt(right, p);
            if (sum != TreeBuilder.sumAt(above, p)) return false;
        }
        return true;
    }

    function _append(bytes[2][] memory pairs, bytes memory left, bytes memory right)
        private
        pure
        returns (bytes[2][] memory longer)
    {
        longer = new bytes[2][](pairs.length + 1);
        for (uint256 k; k < pairs.length; ++k) {
            longer[k] = pairs[k];
        }
        longer[pairs.length] = [left, right];
    }

    function _sums(uint128[4] memory s) private pure returns (bytes memory) {
        return abi.encodePacked(s[0], s[1], s[2], s[3]);
    }

    function _workLeaf(bytes memory leaf) private pure returns (WorkLeaf memory w) {
        w.index = uint32(bytes4(leaf));
        for (uint256 p; p < 4; ++p) {
            w.work[p] = uint96(bytes12(_cut(leaf, 4 + 12 * p, 16 + 12 * p)));
        }
        w.verdictHash = bytes32(_cut(leaf, 52, 84));
        w.verdictCount = uint32(bytes4(_cut(leaf, 84, 88)));
    }

    function _entry(bytes memory leaf) private pure returns (VerdictEntry memory e) {
        e.slot = uint32(bytes4(leaf));
        e.index = uint32(bytes4(_cut(leaf, 4, 8)));
        e.observation = uint16(bytes2(_cut(leaf, 8, 10)));
        e.reason = uint16(bytes2(_cut(leaf, 10, 12)));
        for (uint256 p; p < 4; ++p) {
            e.work[p] = uint96(bytes12(_cut(leaf, 12 + 12 * p, 24 + 12 * p)));
        }
    }

    function _cut(bytes memory all, uint256 from, uint256 to) private pure returns (bytes memory part) {
        part = new bytes(to - from);
        for (uint256 i; i < part.length; ++i) {
            part[i] = all[from + i];
        }
    }
}
