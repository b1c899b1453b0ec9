// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IBeacon} from "./interfaces/IBeacon.sol";
import {IEvidence, Slot} from "./interfaces/IEvidence.sol";
import {INetworks, NetworkConfig} from "./interfaces/INetworks.sol";
import {IStake, Role} from "./interfaces/IStake.sol";
import {Quorum} from "./libraries/Quorum.sol";
import {NetworkId} from "./types/NetworkId.sol";
import {Timeline} from "./types/Timeline.sol";

/// @notice The list of evidence commitments of each network. Spec 3.
/// @dev `sealedIn` never falls from one slot to the next. A slot with sealedIn s was made at sealEnd(s − 1) or after: a commitment because s is the epoch whose sealing is the next to be over,
///      a deferred one because it takes the newest slot's s, or the epoch after one whose sealing is over. So a commitment finds no slot above its own s.
contract Evidence is IEvidence {
    uint8 private constant MOST_DEFERRALS = 2;
    uint256 private constant MOST_PER_ROOT = 256;
    uint64 private constant REPORT_BYTES = 131_072;
    uint128 private constant LATE_SHARE = 10; // of the least bond, for each late commitment
    address private constant NOBODY = 0x000000000000000000000000000000000000dEaD;

    INetworks private immutable NETWORKS;
    IStake private immutable STAKE;

    mapping(NetworkId => uint32) private _count;
    mapping(NetworkId => mapping(uint32 slot => Slot)) private _slots;
    /// @dev One bit per slot, so that a root's bitmap is compared at once.
    mapping(NetworkId => mapping(uint256 word => uint256)) private _skipped;
    mapping(NetworkId => mapping(uint32 epoch => mapping(address ingest => uint32 slotPlusOne))) private
        _commitments;
    mapping(NetworkId => mapping(uint32 epoch => bytes32)) private _beacons;
    mapping(NetworkId => mapping(uint32 slot => address[])) private _voters;
    mapping(NetworkId => mapping(uint32 slot => mapping(address verifier => bool))) private _voted;
    mapping(NetworkId => mapping(uint32 slot => bool)) private _released;

    constructor(address networks, address stake) {
        NETWORKS = INetworks(networks);
        STAKE = IStake(stake);
    }

    /// @inheritdoc IEvidence
    function commit(NetworkId network, uint32 epoch, bytes32 root, uint32 count, uint64 sizeBytes)
        external
        returns (uint32 slot)
    {
        NetworkConfig memory config = NETWORKS.configOf(network);
        Timeline memory timeline = config.timeline;
        uint256 opensAt = timeline.epochEnd(epoch);
        uint256 closesAt = timeline.attestEnd(epoch);
        if (block.timestamp < opensAt || block.timestamp >= closesAt) {
            revert NotSealing(epoch, opensAt, closesAt, block.timestamp);
        }
        if (_commitments[network][epoch][msg.sender] != 0) revert AlreadyCommitted(epoch, msg.sender);
        if (count == 0) revert EmptyCommitment();
        _checkCap(network, config, epoch, count, sizeBytes);

        // Evidence is not lost for want of a beacon: whoever knows its word later captures it.
        _capture(network, config, epoch);
        uint32 sealedIn = timeline.sealingAt(block.timestamp);
        slot = _append(network, Slot(msg.sender, epoch, sealedIn, 0, false, count, sizeBytes, root));
        _commitments[network][epoch][msg.sender] = slot + 1;
        STAKE.addLiability(network, Role.Ingest, msg.sender);
        emit EvidenceCommitted(network, epoch, msg.sender, slot, sealedIn, root, count, sizeBytes);
        if (sealedIn > epoch) STAKE.slash(network, Role.Ingest, msg.sender, config.ingestBond / LATE_SHARE);
    }

    /// @inheritdoc IEvidence
    function captureBeacon(NetworkId network, uint32 epoch) external returns (bytes32 beacon) {
        NetworkConfig memory config = NETWORKS.configOf(network);
        uint256 startsAt = config.timeline.epochStart(epoch);
        if (block.timestamp < startsAt) revert EpochNotStarted(epoch, startsAt);
        beacon = _capture(network, config, epoch);
        if (beacon == 0) revert BeaconNotKnown(epoch, startsAt);
    }

    /// @inheritdoc IEvidence
    function markUnavailable(NetworkId network, uint32 slot) external {
        if (slot >= _count[network]) revert SlotUnknown(slot);
        Slot memory marked = _slots[network][slot];
        Timeline memory timeline = NETWORKS.timelineOf(network);
        uint256 closesAt = timeline.availabilityEnd(marked.sealedIn);
        if (
            marked.skipped || block.timestamp < timeline.sealEnd(marked.sealedIn)
                || block.timestamp >= closesAt
        ) {
            revert NotAvailabilityPhase(slot, closesAt, block.timestamp);
        }
        if (_voted[network][slot][msg.sender]) revert AlreadyVoted(slot, msg.sender);
        uint128 weight = STAKE.weightOf(network, Role.Verifier, msg.sender, marked.sealedIn);
        if (weight == 0) revert NoWeight(msg.sender);

        _voted[network][slot][msg.sender] = true;
        address[] storage voters = _voters[network][slot];
        voters.push(msg.sender);
        emit MarkedUnavailable(network, slot, msg.sender, weight);
        if (Quorum.reached(STAKE, network, marked.sealedIn, voters)) _skip(network, slot, marked);
    }

    /// @inheritdoc IEvidence
    function release(NetworkId network, uint32 slot) external {
        if (slot >= _count[network]) revert SlotUnknown(slot);
        Slot storage kept = _slots[network][slot];
        if (kept.skipped || _released[network][slot]) revert NothingToRelease(slot);
        Timeline memory timeline = NETWORKS.timelineOf(network);
        uint256 challengesEnd = timeline.sealEnd(kept.sealedIn) + timeline.challengeSeconds;
        // Whichever is later: a slot that can still be marked can still be dropped and slashed.
        uint256 availabilityEnd = timeline.availabilityEnd(kept.sealedIn);
        uint256 releasableAt = challengesEnd > availabilityEnd ? challengesEnd : availabilityEnd;
        if (block.timestamp < releasableAt) revert ReleaseTooEarly(slot, releasableAt, block.timestamp);
        _released[network][slot] = true;
        STAKE.dropLiability(network, Role.Ingest, kept.ingest);
    }

    /// @inheritdoc IEvidence
    function slotCount(NetworkId network) external view returns (uint32) {
        return _count[network];
    }

    /// @inheritdoc IEvidence
    function slotOf(NetworkId network, uint32 slot) external view returns (Slot memory) {
        if (slot >= _count[network]) revert SlotUnknown(slot);
        return _slots[network][slot];
    }

    /// @inheritdoc IEvidence
    function commitmentOf(NetworkId network, uint32 epoch, address ingest) external view returns (uint32) {
        return _commitments[network][epoch][ingest];
    }

    /// @inheritdoc IEvidence
    function beaconOf(NetworkId network, uint32 epoch) external view returns (bytes32) {
        return _beacons[network][epoch];
    }

    /// @inheritdoc IEvidence
    function isEvidenceSet(NetworkId network, uint32 start, uint32 end, uint32 last, uint256 set)
        external
        view
        returns (bool)
    {
        uint32 count = _count[network];
        if (end < start || end > count || end - start > MOST_PER_ROOT) return false;
        if (end > start && _slots[network][end - 1].sealedIn > last) return false;
        // A full bitmap ends before the evidence does, or a network that slept over 256 slots could never have a root again.
        bool full = end - start == MOST_PER_ROOT;
        if (!full && end < count && _slots[network][end].sealedIn <= last) return false;
        return set == _includedIn(network, start, end - start);
    }

    /// @dev By the snapshot alone: what earlier late commitments cost must not undo what was acknowledged under the whole bond.
    /// @dev Zero while the network's beacon does not know the word. The epoch has begun.
    function _capture(NetworkId network, NetworkConfig memory config, uint32 epoch)
        private
        returns (bytes32 beacon)
    {
        beacon = _beacons[network][epoch];
        if (beacon != 0) return beacon;
        bytes32 word;
        if (address(config.beacon) == address(0)) {
            word = bytes32(block.prevrandao);
        } else {
            try config.beacon.wordOf(uint64(config.timeline.epochStart(epoch))) returns (bytes32 known) {
                word = known;
            } catch {}
            if (word == 0) return 0;
        }
        // Mixed, so that epochs captured in one block differ, and a chain that gives zero does not read as not captured.
        beacon = keccak256(abi.encode(network, epoch, word));
        _beacons[network][epoch] = beacon;
        emit BeaconCaptured(network, epoch, beacon);
    }

    function _checkCap(
        NetworkId network,
        NetworkConfig memory config,
        uint32 epoch,
        uint32 count,
        uint64 sizeBytes
    ) private view {
        uint128 counted = STAKE.countedAt(network, Role.Ingest, msg.sender, epoch);
        if (counted == 0 || STAKE.slashableOf(network, Role.Ingest, msg.sender) == 0) {
            revert NoWeight(msg.sender);
        }
        uint256 cap = config.ingestBond == 0
            ? config.reportsPerEpoch
            : uint256(config.reportsPerEpoch) * counted / config.ingestBond;
        uint64 countCap = uint64(cap > type(uint32).max ? type(uint32).max : cap);
        uint64 sizeCap = countCap * REPORT_BYTES;
        if (count > countCap || sizeBytes > sizeCap) revert OverCap(count, sizeBytes, countCap, sizeCap);
    }

    function _append(NetworkId network, Slot memory added) private returns (uint32 slot) {
        slot = _count[network];
        _count[network] = slot + 1;
        _slots[network][slot] = added;
    }

    function _skip(NetworkId network, uint32 slot, Slot memory marked) private {
        _slots[network][slot].skipped = true;
        _skipped[network][slot >> 8] |= uint256(1) << (slot & 0xff);
        if (marked.deferrals == MOST_DEFERRALS) {
            emit EvidenceDeferred(network, slot, type(uint32).max, MOST_DEFERRALS + 1);
            // Those who voted have no share in what they take.
            STAKE.slashAll(network, Role.Ingest, marked.ingest, NOBODY);
            STAKE.dropLiability(network, Role.Ingest, marked.ingest);
            return;
        }
        uint32 newest = _slots[network][_count[network] - 1].sealedIn;
        marked.sealedIn = newest > marked.sealedIn ? newest : marked.sealedIn + 1;
        marked.deferrals += 1;
        uint32 newSlot = _append(network, marked);
        emit EvidenceDeferred(network, slot, newSlot, marked.deferrals);
    }

    /// @dev Bit i: slot start + i is not skipped. Read from at most two words.
    function _includedIn(NetworkId network, uint32 start, uint32 length) private view returns (uint256) {
        uint256 shift = start & 0xff;
        uint256 word = start >> 8;
        uint256 skipped = _skipped[network][word] >> shift;
        if (shift + length > 256) skipped |= _skipped[network][word + 1] << (256 - shift);
        uint256 mask = length == 256 ? type(uint256).max : (uint256(1) << length) - 1;
        return ~skipped & mask;
    }
}
