// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Backing, Dispute, DisputeState, IDisputes, TreeKind} from "../../src/interfaces/IDisputes.sol";
import {Slot} from "../../src/interfaces/IEvidence.sol";
import {VerdictEntry} from "../../src/types/Root.sol";
import {TreeBuilder} from "../TreeBuilder.sol";
import {World} from "./World.sol";

/// @notice Disputes as a table of open games, and those who answer from the drafts.
abstract contract DisputeWorld is World {
    uint256[] internal _open;
    mapping(uint256 id => bytes) private _entryOf; // kind 4: the entry in dispute
    /// @dev What answers showed: the two children, one after the other, or the leaf; by _placeKey. It is public, as on chain.
    mapping(bytes32 place => bytes) internal _seen;
    mapping(bytes32 place => bool) internal _isSeen;

    function openCount() external view returns (uint256) {
        return _open.length;
    }

    /// @notice Sends the opening call; notes the game where it began.
    /// @param entry kind 4 only
    function _tryOpen(bytes32 action, address challenger, bytes memory call, bytes memory entry)
        internal
        returns (uint256 id)
    {
        (bool ok, bytes memory result) = attemptAnnounced(action, challenger, address(disputes), call);
        if (!ok) return 0;
        id = abi.decode(result, (uint256));
        _open.push(id);
        _entryOf[id] = entry;
    }

    /// @notice The answer that the draft of the root has.
    function _answer(uint256 id, address who) internal returns (bool ok) {
        Dispute memory g = disputes.disputeOf(id);
        Draft memory d = load(g.rootId);
        bytes memory shown;
        bytes memory call;
        if (g.kind == 4) {
            VerdictEntry memory entry = abi.decode(_entryOf[id], (VerdictEntry));
            if (entry.slot >= evidence.slotCount(network)) return false;
            Slot memory slot = evidence.slotOf(network, entry.slot);
            if (entry.index >= slot.count) return false;
            Backing memory b = _backing(entry, g.device);
            call = abi.encodeCall(IDisputes.showBacking, (id, d.root, d.parent, entry, b));
        } else if (g.height == 0) {
            shown = leafOf(d, g.tree, g.device, g.position);
            call = abi.encodeCall(IDisputes.showLeaf, (id, shown));
        } else {
            bytes[] memory below = levelsOf(d, g.tree, g.device)[g.height - 1];
            (bytes memory left, bytes memory right) = (below[2 * g.position], below[2 * g.position + 1]);
            shown = abi.encodePacked(left, right);
            call = abi.encodeCall(IDisputes.showChildren, (id, left, right));
        }
        (ok,) = attempt(g.kind == 4 ? bytes32("show backing") : bytes32("show"), who, address(disputes), call);
        if (!ok) return false;
        bytes32 key = _placeKey(g.rootId, g.tree, g.device, g.height, g.position);
        if (g.kind == 2) (_seen[key], _isSeen[key]) = (shown, true);
        _sweep();
    }

    function _pick(bytes32 action, address challenger, uint256 id, bool right) internal returns (bool ok) {
        Dispute memory g = disputes.disputeOf(id);
        bytes[] memory below = levelsOf(load(g.rootId), g.tree, g.device)[g.height - 1];
        bytes memory call =
            abi.encodeCall(IDisputes.pick, (id, right, below[2 * g.position], below[2 * g.position + 1]));
        (ok,) = attempt(action, challenger, address(disputes), call);
    }

    function _timeout(uint256 id) internal returns (bool ok) {
        (ok,) = attempt("timeout", stranger, address(disputes), abi.encodeCall(IDisputes.timeout, (id)));
        _sweep();
    }

    function _sweep() internal {
        for (uint256 i; i < _open.length;) {
            DisputeState state = disputes.disputeOf(_open[i]).state;
            if (state == DisputeState.AwaitingAnswer || state == DisputeState.AwaitingChallenger) {
                ++i;
                continue;
            }
            if (state == DisputeState.Won) ++done["dispute won"];
            if (state == DisputeState.Lost) ++done["dispute lost"];
            _open[i] = _open[_open.length - 1];
            _open.pop();
        }
    }

    function _placeKey(bytes32 rootId, TreeKind tree, uint256 device, uint256 height, uint256 position)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(rootId, tree, device, height, position));
    }

    /// @notice The call that opens kind 2 at a place of the draft's own trees.
    function _openCall(
        Draft memory d,
        TreeKind tree,
        uint32 device,
        uint256 height,
        uint256 position,
        bytes32 salt
    ) internal view returns (bytes memory) {
        bytes[][] memory levels = levelsOf(d, tree, device);
        bool atTop = height + 1 == levels.length;
        if (tree == TreeKind.Verdict) {
            if (atTop) {
                return
                    abi.encodeCall(IDisputes.openHiddenVerdict, (network, d.root, workProof(d, device), salt));
            }
            return abi.encodeCall(
                IDisputes.openHiddenVerdictAt,
                (network, d.root, workProof(d, device), placeOf(levels, height, position), salt)
            );
        }
        if (atTop) return abi.encodeCall(IDisputes.openHidden, (network, d.root, tree, salt));
        return abi.encodeCall(
            IDisputes.openHiddenAt, (network, d.root, tree, placeOf(levels, height, position), salt)
        );
    }

    /// @notice Opens kind 2 somewhere in the draft's trees, or kind 4 about one of its entries.
    function _openSomewhere(bytes32 action, address challenger, Draft memory d, uint256 seed, bool mutated)
        internal
        returns (uint256)
    {
        uint32 device = uint32(random(seed, 30) % DEVICES);
        uint256 kind = random(seed, 31) % 5;
        bytes memory call;
        bytes memory entry;
        if (kind == 4) {
            if (d.verdicts[device].length == 0) return 0;
            uint32 position = uint32(random(seed, 32) % d.verdicts[device].length);
            entry = abi.encode(d.verdicts[device][position]);
            call = abi.encodeCall(
                IDisputes.openUnbacked,
                (network, d.root, workProof(d, device), verdictProof(d, device, position), bytes32(seed))
            );
        } else {
            bytes[][] memory levels = levelsOf(d, TreeKind(kind), device);
            uint256 height = random(seed, 33) % levels.length;
            uint256 position = random(seed, 34) % levels[height].length;
            call = _openCall(d, TreeKind(kind), device, height, position, bytes32(seed));
        }
        if (mutated) mutate(call, random(seed, 35));
        return _tryOpen(action, challenger, call, entry);
    }

    /// @notice One byte of the arguments is another.
    function mutate(bytes memory call, uint256 r) internal pure {
        uint256 offset = 4 + (r >> 8) % (call.length - 4);
        call[offset] = bytes1(uint8(call[offset]) ^ uint8(1 + r % 255));
    }

    function _backing(VerdictEntry memory entry, uint32 device) private view returns (Backing memory) {
        Report[] memory log = logOf(entry.slot);
        Report memory r = log[entry.index];
        bool inBody = entry.observation < r.observations.length;
        bytes32[] memory none;
        return Backing(
            r.header,
            keyOf(device),
            r.signature,
            TreeBuilder.path(evidenceTree(log), entry.index),
            inBody ? r.observations[entry.observation] : bytes(""),
            inBody ? TreeBuilder.path(r.bodyLevels, entry.observation) : none
        );
    }
}
