// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Dispute, DisputeState, TreeKind} from "../../src/interfaces/IDisputes.sol";
import {ISettlement, RootState} from "../../src/interfaces/ISettlement.sol";
import {VerdictEntry} from "../../src/types/Root.sol";
import {TreeBuilder} from "../TreeBuilder.sol";
import {Watcher} from "./Watcher.sol";

/// @notice Every verifier colludes on roots that are false in one of the ways of kinds 1 to 4; they answer what they can, at the last moment, and open decoys.
///         One watcher is awake.
contract FalseWorld is Watcher {
    uint256 private constant FAULTS = 12;

    address public decoy = makeAddr("decoy");
    bytes32[] public lies;
    mapping(bytes32 rootId => uint256) public faultOf;
    mapping(bytes32 rootId => uint256) private _watchAt; // when the watcher first looks
    mapping(uint256 fault => uint256) public caught;

    function setUp() public override {
        super.setUp();
        token.transfer(watcher, 1e6 ether);
        token.transfer(decoy, 1e6 ether);
        vm.prank(decoy);
        token.approve(address(disputes), type(uint256).max);
    }

    /// @notice On the way the watcher moves at the last moment its clocks allow, and the colluders answer at theirs.
    function advance(uint256 to) public override {
        for (uint256 i; i < 400; ++i) {
            (uint256 due, bytes32 root, uint256 game) = _nextDuty();
            if (due > to) break;
            super.advance(due);
            if (root != 0) _watch(root);
            else if (game != 0) _play(game);
        }
        super.advance(to);
    }

    /// @notice A false root, attested by all, on whatever is the head.
    function lie(uint256 fault, uint256 seed) public returns (bool ok) {
        _resolveAll();
        restake();
        advance(end(epochNow()));
        uint32 epoch = sealNext(seed, 1 + random(seed, 3) % 2, 0);
        Draft memory t = draftOf(epoch, seed);
        Draft memory d = copyOf(t);
        fault %= FAULTS;
        _spoil(d, fault, seed);
        if (idOf(d) == idOf(t)) return false;
        keep(t);
        bytes32 id = idOf(d);
        truthOf[id] = idOf(t);
        faultOf[id] = fault;
        ok = attestBy(d, 3);
        if (!ok) return false;
        lies.push(id);
        _watchAt[id] = block.timestamp + random(seed, 60) % CHALLENGE;
        ++done["lie"];
    }

    /// @notice The colluders open games of their own, to confuse or to delay.
    function openDecoy(uint256 seed) external {
        if (lies.length == 0) return;
        bytes32 id = lies[lies.length - 1 - seed % (lies.length < 4 ? lies.length : 4)];
        _openSomewhere("decoy", decoy, load(id), seed, false);
    }

    /// @notice The colluders ask for a verdict of the newest lie and show it at once: nobody can have it asked for again.
    function showEarly(uint32 device, uint256 position) external returns (bool) {
        Draft memory d = load(lies[lies.length - 1]);
        bytes memory call = _openCall(d, TreeKind.Verdict, device, 0, position, "early");
        uint256 id = _tryOpen("decoy", decoy, call, "");
        return id != 0 && _answer(id, stranger);
    }

    /// @notice The colluders move in a decoy, or answer the watcher before they have to.
    function playEarly(uint256 seed) external {
        if (_open.length == 0) return;
        uint256 id = _open[seed % _open.length];
        Dispute memory g = disputes.disputeOf(id);
        if (g.state == DisputeState.AwaitingAnswer) _answer(id, stranger);
        else if (g.challenger == decoy) _pick("decoy picks", decoy, id, seed >> 128 & 1 == 1);
    }

    function wait(uint256 seed) external {
        advance(block.timestamp + seed % 8 hours);
    }

    function liesThatFell() external view returns (uint256 count) {
        for (uint256 i; i < lies.length; ++i) {
            if (settlement.isRemoved(lies[i])) ++count;
        }
    }

    function lieCount() external view returns (uint256) {
        return lies.length;
    }

    function lieThatIsFinal() external view returns (bytes32) {
        for (uint256 i; i < lies.length; ++i) {
            if (settlement.recordOf(lies[i]).state == RootState.Final) return lies[i];
        }
        return 0;
    }

    function lieThatStands() external view returns (bytes32) {
        for (uint256 i; i < lies.length; ++i) {
            if (settlement.isStanding(lies[i])) return lies[i];
        }
        return 0;
    }

    function watcherHas() external view returns (uint256) {
        return token.balanceOf(watcher);
    }

    // ----

    function _nextDuty() private view returns (uint256 due, bytes32 root, uint256 game) {
        due = type(uint256).max;
        for (uint256 i; i < lies.length; ++i) {
            bytes32 id = lies[i];
            if (id == helpless || !settlement.isStanding(id) || _fallsWithParent(id)) continue;
            uint256 when = _watchAt[id];
            if (_currentGame[id] != 0) {
                Dispute memory g = disputes.disputeOf(_currentGame[id]);
                if (g.state == DisputeState.AwaitingAnswer) continue;
                if (g.state == DisputeState.AwaitingChallenger) when = g.dueAt;
            }
            if (when < due) (due, root, game) = (when, id, 0);
        }
        for (uint256 i; i < _open.length; ++i) {
            Dispute memory g = disputes.disputeOf(_open[i]);
            bool awaitsWatcher = g.state == DisputeState.AwaitingChallenger && g.challenger == watcher;
            if (awaitsWatcher && settlement.isStanding(g.rootId)) continue;
            uint256 when = g.dueAt;
            if (g.state != DisputeState.AwaitingAnswer || block.timestamp > when) when += 1;
            // What could not be answered at its last moment runs out a second later.
            if (_isGivenUp[_open[i]]) when = uint256(g.dueAt) + 1;
            if (when < due) (due, root, game) = (when, 0, _open[i]);
        }
    }

    /// @dev What builds on a lie is left alone, as the watcher's service does: it needs a final parent, and what a false parent hides can be missing in a proof.
    function _fallsWithParent(bytes32 id) private view returns (bool) {
        return truthOf[_unpacked(id).root.parent] != 0;
    }

    mapping(uint256 game => bool) private _isGivenUp;

    function _play(uint256 id) private {
        Dispute memory g = disputes.disputeOf(id);
        if (block.timestamp > g.dueAt) _timeout(id);
        else if (!_answer(id, stranger)) _isGivenUp[id] = true;
    }

    function _resolveAll() private {
        for (uint256 i; i < lies.length; ++i) {
            for (uint256 k; k < 3 && settlement.isRemoved(lies[i]); ++k) {
                attempt(
                    "resolve",
                    stranger,
                    address(settlement),
                    abi.encodeCall(ISettlement.resolve, (lies[i], verifiers[k]))
                );
            }
        }
    }

    function _spoil(Draft memory d, uint256 fault, uint256 seed) private pure {
        uint256 r = random(seed, 70);
        if (fault == 0) _shiftPayout(d, r);
        else if (fault == 1) d.cumulative[_richest(d)] -= d.cumulative[_richest(d)] == 0 ? 0 : 1;
        else if (fault == 2) d.payoutTamper = _tamper(d.payoutLevels, r);
        else if (fault == 3) d.workTamper = _tamper(d.workLevels, r);
        else if (fault == 4) d.verdictTamper = _tamper(d.verdictLevels[0], r);
        else if (fault == 5) _swap(d, r, false);
        else if (fault == 6) _swap(d, r, true);
        else if (fault == 7) _unback(d, r);
        else if (fault == 10) _invent(d);
        else if (fault == 11) d.workTamper = TreeBuilder.Tamper(true, 0, 1, d.workLevels[0][0]);
        bytes[][] memory carry = d.carryLevels;
        close(d);
        if (fault == 8) d.root.carryHash = keccak256(abi.encode("hidden", r, carry));
        if (fault == 9) d.root.carryCount = d.root.carryCount == 3 ? 4 : 3;
        if (fault == 9 && carry.length != 3) d.root.carryCount = uint32(d.carry.length);
    }

    function _shiftPayout(Draft memory d, uint256 r) private pure {
        uint256 from = _richest(d);
        uint128 amount = uint128(r % (uint256(d.cumulative[from]) + 1));
        d.cumulative[from] -= amount;
        d.cumulative[(from + 1 + (r >> 128) % 3) % DEVICES] += amount;
    }

    function _richest(Draft memory d) private pure returns (uint256 richest) {
        for (uint256 i = 1; i < DEVICES; ++i) {
            if (d.cumulative[i] > d.cumulative[richest]) richest = i;
        }
    }

    /// @dev Below the top: another hash, or another sum.
    function _tamper(bytes[][] memory levels, uint256 r) private pure returns (TreeBuilder.Tamper memory) {
        if (levels.length < 2) return TreeBuilder.Tamper(false, 0, 0, "");
        uint256 height = r % (levels.length - 1);
        uint256 position = (r >> 8) % levels[height].length;
        bytes memory node = abi.encodePacked(levels[height][position]);
        uint256 last = r >> 16 & 1 == 0 ? 31 : 47;
        // One less where that does not borrow, or the budget might not hold.
        if (last == 47 && node[47] == 0) last = 31;
        node[last] = bytes1(uint8(node[last]) - (last == 47 ? 1 : 0) ^ (last == 31 ? 1 : 0));
        return TreeBuilder.Tamper(true, height, position, node);
    }

    /// @dev Two neighbours the wrong way round, or one of them twice.
    function _swap(Draft memory d, uint256 r, bool twice) private pure {
        for (uint256 i; i < 3; ++i) {
            uint32 device = uint32((i + r) % 3);
            VerdictEntry[] memory v = d.verdicts[device];
            if (v.length < 2) continue;
            uint256 left = 2 * ((r >> 8) % (v.length / 2));
            (v[left], v[left + 1]) = (v[left + 1], twice ? v[left + 1] : v[left]);
            d.work[device] = sumWork(device, v);
            return;
        }
    }

    /// @dev An entry with work whose report or observation is not there.
    function _unback(Draft memory d, uint256 r) private pure {
        for (uint256 i; i < 3; ++i) {
            uint32 device = uint32((i + r) % 3);
            for (uint256 k; k < d.verdicts[device].length; ++k) {
                VerdictEntry memory e = d.verdicts[device][k];
                if (e.work[0] == 0 && e.work[1] == 0) continue;
                if (r >> 8 & 1 == 0) e.observation += 5;
                else if (r >> 9 & 1 == 0) e.index += 77;
                else e.slot = d.root.evidenceEnd;
                return;
            }
        }
    }

    /// @dev Work for the device that reports nothing, on another one's report.
    function _invent(Draft memory d) private pure {
        d.verdicts[3] = new VerdictEntry[](1);
        d.verdicts[3][0].slot = d.parent.evidenceEnd;
        d.verdicts[3][0].work[0] = 7;
        d.work[3] = sumWork(3, d.verdicts[3]);
    }
}
