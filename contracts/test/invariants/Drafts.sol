// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NodePlace, TreeKind} from "../../src/interfaces/IDisputes.sol";
import {Slot} from "../../src/interfaces/IEvidence.sol";
import {RootRecord} from "../../src/interfaces/ISettlement.sol";
import {PayoutProof} from "../../src/interfaces/IChallenges.sol";
import {Root, VerdictEntry, WorkLeaf} from "../../src/types/Root.sol";
import {SettlementWorld} from "../SettlementWorld.sol";
import {TreeBuilder} from "../TreeBuilder.sol";

/// @notice True roots over any range of epochs and whatever evidence was sealed in it, made from a seed alone; and their trees, kept for later.
abstract contract Drafts is SettlementWorld {
    /// @dev By evidence root: what its log is made from again.
    mapping(bytes32 evidenceRoot => uint256) internal _seedOf;
    mapping(bytes32 rootId => bytes) private _kept;

    function random(uint256 seed, uint256 salt) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, salt)));
    }

    /// @dev The fuzzer likes small numbers, of which all the high bits are the same: what is decided by bits is decided by these.
    function mixed(uint256 seed) internal pure returns (uint256) {
        return random(seed, 99);
    }

    // ---- logs: report j is device j mod 3's, of one or two observations

    function logFrom(uint32 epoch, uint256 count, uint256 seed) internal view returns (Report[] memory log) {
        log = new Report[](count);
        for (uint32 j; j < count; ++j) {
            log[j] = makeReport(j % 3, epoch, uint32(uint24(seed)) << 8 | j, _observations(seed, j));
        }
    }

    function logOf(uint32 slot) internal view returns (Report[] memory log) {
        Slot memory s = evidence.slotOf(network, slot);
        return logFrom(s.epoch, s.count, _seedOf[s.root]);
    }

    // ---- roots

    /// @notice The true root on the head, up to the epoch `last`.
    function draftOf(uint32 last, uint256 seed) internal view returns (Draft memory d) {
        bytes32 head = settlement.head(network);
        d.cumulative = new uint128[](DEVICES);
        if (head != 0) {
            Draft memory p = _unpacked(head);
            (d.parent, d.cumulative) = (p.root, p.cumulative);
            (d.root.parent, d.root.first) = (head, p.root.last + 1);
        }
        d.root.last = last;
        d.root.ruleset = networks.rulesetAt(network, last).hash;
        d.root.deviceCount = DEVICES;
        _include(d);
        d.verdicts = new VerdictEntry[][](DEVICES);
        d.work = new WorkLeaf[](DEVICES);
        for (uint32 device; device < DEVICES; ++device) {
            d.verdicts[device] = _judge(d, device, seed);
            d.work[device] = sumWork(device, d.verdicts[device]);
        }
        d.carry = new bytes[](1 + seed % 4);
        for (uint256 i; i < d.carry.length; ++i) {
            d.carry[i] = abi.encodePacked(bytes32(i + 1), last, bytes32(seed));
        }
        _pay(d);
        close(d);
    }

    /// @notice What the range has to give, with what programs without work passed on.
    function potsOf(Draft memory d) internal view returns (uint128[4] memory pots) {
        pots = budgets.budgetOf(network, d.root.first, d.root.last);
        if (d.root.parent == 0) return pots;
        RootRecord memory parent = settlement.recordOf(d.root.parent);
        for (uint256 p; p < 4; ++p) {
            if (parent.workSums[p] == 0) pots[p] += parent.pots[p];
        }
    }

    function keep(Draft memory d) internal returns (bytes32 id) {
        id = idOf(d);
        Draft memory bare;
        (bare.root, bare.parent, bare.verdicts, bare.work) = (d.root, d.parent, d.verdicts, d.work);
        (bare.cumulative, bare.carry) = (d.cumulative, d.carry);
        (bare.payoutTamper, bare.workTamper, bare.verdictTamper) =
        (d.payoutTamper, d.workTamper, d.verdictTamper);
        _kept[id] = abi.encode(bare);
    }

    function isKept(bytes32 id) internal view returns (bool) {
        return _kept[id].length != 0;
    }

    /// @notice With its trees built again.
    function load(bytes32 id) internal view returns (Draft memory d) {
        d = _unpacked(id);
        bytes memory root = abi.encode(d.root);
        close(d);
        // Some drafts are spoiled after they are closed.
        d.root = abi.decode(root, (Root));
    }

    // ---- trees of a draft

    function levelsOf(Draft memory d, TreeKind tree, uint32 device) internal pure returns (bytes[][] memory) {
        if (tree == TreeKind.Payout) return d.payoutLevels;
        if (tree == TreeKind.Work) return d.workLevels;
        return tree == TreeKind.Verdict ? d.verdictLevels[device] : d.carryLevels;
    }

    /// @notice The leaf's preimage without its tag; nothing beyond the count.
    function leafOf(Draft memory d, TreeKind tree, uint32 device, uint256 position)
        internal
        pure
        returns (bytes memory)
    {
        if (tree == TreeKind.Carry) return position < d.carry.length ? d.carry[position] : bytes("");
        if (tree == TreeKind.Verdict) {
            if (position >= d.verdicts[device].length) return "";
            return TreeBuilder.content(d.verdicts[device][position]);
        }
        if (position >= d.work.length) return "";
        if (tree == TreeKind.Work) return TreeBuilder.content(d.work[position]);
        return abi.encodePacked(uint32(position), d.cumulative[position]);
    }

    function placeOf(bytes[][] memory levels, uint256 height, uint256 position)
        internal
        pure
        returns (NodePlace memory)
    {
        return NodePlace(
            uint8(height),
            uint32(position),
            levels[height][position],
            TreeBuilder.siblings(levels, height, position)
        );
    }

    function parentProof(Draft memory d, uint256 index) internal view returns (PayoutProof memory proof) {
        if (d.root.parent != 0) proof = payoutProof(load(d.root.parent), index);
    }

    function _unpacked(bytes32 id) internal view returns (Draft memory) {
        return abi.decode(_kept[id], (Draft));
    }

    function _include(Draft memory d) private view {
        uint32 start = d.parent.evidenceEnd;
        uint32 end = start;
        uint32 count = evidence.slotCount(network);
        for (; end < count && end - start < 256; ++end) {
            Slot memory slot = evidence.slotOf(network, end);
            if (slot.sealedIn > d.root.last) break;
            if (!slot.skipped) d.root.evidenceSet |= 1 << (end - start);
        }
        d.root.evidenceEnd = end;
    }

    function _judge(Draft memory d, uint32 device, uint256 seed)
        private
        view
        returns (VerdictEntry[] memory entries)
    {
        uint32 start = d.parent.evidenceEnd;
        entries = new VerdictEntry[](4 * (d.root.evidenceEnd - start));
        uint256 count;
        for (uint32 slot = start; slot < d.root.evidenceEnd; ++slot) {
            if (d.root.evidenceSet >> (slot - start) & 1 == 0) continue;
            Slot memory s = evidence.slotOf(network, slot);
            for (uint32 j = device; device < 3 && j < s.count; j += 3) {
                for (uint16 k; k < _observations(_seedOf[s.root], j); ++k) {
                    uint256 r = random(seed, uint256(slot) << 32 | j << 16 | k);
                    entries[count] = entryOf(j, k, _work(r), _work(r >> 128));
                    entries[count++].slot = slot;
                }
            }
        }
        assembly ("memory-safe") {
            mstore(entries, count)
        }
    }

    function _pay(Draft memory d) private view {
        uint128[4] memory pots = potsOf(d);
        for (uint256 p; p < 4; ++p) {
            uint256 total;
            for (uint256 i; i < d.work.length; ++i) {
                total += d.work[i].work[p];
            }
            for (uint256 i; total != 0 && i < d.work.length; ++i) {
                d.cumulative[i] += uint128(uint256(pots[p]) * d.work[i].work[p] / total);
            }
        }
    }

    function _observations(uint256 seed, uint256 j) private pure returns (uint16) {
        return uint16(1 + (seed >> (8 * j) & 1));
    }

    function _work(uint256 r) private pure returns (uint96) {
        return r % 4 == 0 ? 0 : uint96(r >> 8) % 1000;
    }
}
