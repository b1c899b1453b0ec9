// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {PossessionBook} from "./PossessionBook.sol";
import {IEvidence} from "./interfaces/IEvidence.sol";
import {INetworks} from "./interfaces/INetworks.sol";
import {
    DataSet,
    IPossessionProofs,
    LeafChallenge,
    LeafProof,
    Piece,
    ProvingTerms
} from "./interfaces/IPossessionProofs.sol";
import {PieceTree} from "./libraries/PieceTree.sol";
import {SumTree} from "./libraries/SumTree.sol";
import {NetworkId} from "./types/NetworkId.sol";
import {ProvingClock} from "./types/ProvingClock.sol";
import {Timeline} from "./types/Timeline.sol";

contract PossessionProofs is PossessionBook {
    using SumTree for SumTree.Tree;

    uint256 private constant MOST_CHALLENGES = 64;
    uint256 private constant MOST_BATCH = 256;
    uint256 private constant MOST_REMOVED = 128;
    uint256 private constant MOST_PIECE_LEAVES = 1 << 45; // 2⁵⁰ bytes
    uint256 private constant MOST_SET_LEAVES = 1 << 60;

    INetworks private immutable NETWORKS;
    IERC721 private immutable DEVICES;
    IEvidence private immutable EVIDENCE;
    address private immutable RAILS;

    mapping(uint64 set => SumTree.Tree) private _leaves;
    mapping(uint64 set => mapping(uint256 piece => bytes32 root)) private _roots;
    mapping(uint64 set => uint64[]) private _removals; // period << 32 | piece, by period ascending; four to a slot
    mapping(uint64 set => mapping(uint256 word => uint256)) private _proven;
    mapping(uint256 deviceId => uint16) private _longestPeriod;

    constructor(address networks, address devices, address evidence, address rails) {
        NETWORKS = INetworks(networks);
        DEVICES = IERC721(devices);
        EVIDENCE = IEvidence(evidence);
        RAILS = rails;
    }

    /// @inheritdoc IPossessionProofs
    function createSet(NetworkId network, uint32 device, ProvingTerms calldata terms)
        external
        returns (uint64 set)
    {
        bool railed = msg.sender == RAILS;
        if (!railed) _onlyDeviceOwner(network, device);
        if (terms.challenges == 0 || terms.challenges > MOST_CHALLENGES) {
            revert TermsInvalid("challenges", terms.challenges, 1, MOST_CHALLENGES);
        }
        ProvingClock memory clock = _clockOf(network, terms.periodEpochs, terms.windowEpochs);
        uint32 period = clock.periodAt(block.timestamp);
        set = _setCount++;
        DataSet storage kept = _sets[set];
        (kept.network, kept.device, kept.clock) = (network, device, clock);
        (kept.accounted, kept.challenges, kept.railed) = (period, terms.challenges, railed);
        uint256 id = network.deviceId(device);
        if (terms.periodEpochs > _longestPeriod[id]) _longestPeriod[id] = terms.periodEpochs;
        emit DataSetCreated(set, network, device, terms, period);
    }

    /// @inheritdoc IPossessionProofs
    function addPieces(uint64 set, Piece[] calldata pieces) external returns (uint32 firstPiece) {
        DataSet storage kept = _owned(set);
        _requireRunning(set, kept);
        _requireBatch(pieces.length);
        _freeze(kept, _account(set, kept));
        firstPiece = kept.pieces;
        uint64 total = kept.leaves;
        (uint256[] memory counts, uint256 sum) = _storeRoots(set, firstPiece, pieces);
        uint256 count = uint256(firstPiece) + pieces.length;
        if (count > type(uint32).max || total + sum > MOST_SET_LEAVES) {
            revert DataSetFull(set, count, total + sum);
        }
        (kept.pieces, kept.leaves) = (uint32(count), uint64(total + sum));
        _leaves[set].append(firstPiece, total, counts);
        emit PiecesAdded(set, firstPiece, pieces);
    }

    /// @inheritdoc IPossessionProofs
    function scheduleRemovals(uint64 set, uint32[] calldata pieces) external {
        DataSet storage kept = _owned(set);
        _requireBatch(pieces.length);
        uint32 period = kept.clock.periodAt(block.timestamp);
        SumTree.Tree storage tree = _leaves[set];
        uint64[] storage removals = _removals[set];
        for (uint256 i; i < pieces.length; ++i) {
            if (tree.countAt(pieces[i]) == 0) revert PieceUnknown(set, pieces[i]);
            removals.push(uint64(period) << 32 | pieces[i]);
        }
        kept.scheduled += uint32(pieces.length);
        emit RemovalsScheduled(set, period, pieces);
    }

    /// @inheritdoc IPossessionProofs
    function removePieces(uint64 set, uint32 most) external returns (uint32 removed) {
        DataSet storage kept = _known(set);
        uint32 period = _account(set, kept);
        uint256 frozenFrom = kept.clock.frozenFrom(period);
        if (block.timestamp >= frozenFrom) revert PeriodFrozen(period, frozenFrom, block.timestamp);
        uint256 place = kept.removed;
        uint256 end = place + (most < MOST_REMOVED ? most : MOST_REMOVED);
        if (end > kept.scheduled) end = kept.scheduled;
        uint64 gone;
        uint64[] storage removals = _removals[set];
        for (; place < end; ++place) {
            uint64 removal = removals[place];
            if (removal >> 32 >= period) break;
            uint64 leaves = _remove(set, kept.pieces, uint32(removal));
            if (leaves > 0) ++removed;
            gone += leaves;
        }
        kept.removed = uint32(place);
        kept.leaves -= gone;
    }

    /// @inheritdoc IPossessionProofs
    function terminate(uint64 set, uint32 lastPeriod) external returns (uint32) {
        DataSet storage kept = _owned(set);
        uint32 period = _account(set, kept);
        if (lastPeriod < period) lastPeriod = period;
        if (kept.endsAfter != 0 && kept.endsAfter - 1 <= lastPeriod) revert SetEnded(set, kept.endsAfter - 1);
        kept.endsAfter = lastPeriod + 1;
        emit DataSetTerminated(set, lastPeriod);
        return lastPeriod;
    }

    /// @inheritdoc IPossessionProofs
    function capture(NetworkId network, uint16 periodEpochs, uint16 windowEpochs) external {
        ProvingClock memory clock = _clockOf(network, periodEpochs, windowEpochs);
        uint32 period = _requireWindow(clock);
        uint256 onTimeUntil = clock.onTimeUntil(period);
        if (block.timestamp >= onTimeUntil) revert BeaconTooLate(period, onTimeUntil, block.timestamp);
        _capture(network, clock, period);
    }

    /// @inheritdoc IPossessionProofs
    function prove(uint64 set, LeafProof[] calldata proofs) external {
        DataSet storage kept = _known(set);
        uint32 period = _requireWindow(kept.clock);
        if (kept.endsAfter != 0 && period >= kept.endsAfter) revert SetEnded(set, kept.endsAfter - 1);
        _account(set, kept);
        uint64 range = _rangeOf(kept, period);
        if (range == 0) revert NothingToProve(set, period);
        if (kept.proven == period + 1) revert AlreadyProven(set, period);
        if (proofs.length != kept.challenges) revert ProofCountWrong(proofs.length, kept.challenges);

        bytes32 beacon = _capture(kept.network, kept.clock, period);
        for (uint256 i; i < proofs.length; ++i) {
            _requireLeaf(set, kept.pieces, i, _positionOf(beacon, set, i, range), proofs[i]);
        }
        _noteProof(kept, period, range);
        _proven[set][period >> 8] |= 1 << (period & 0xff);
        emit PeriodProven(set, period, msg.sender);
    }

    /// @inheritdoc IPossessionProofs
    function setCount() external view returns (uint64) {
        return _setCount;
    }

    /// @inheritdoc IPossessionProofs
    function setOf(uint64 set) external view returns (DataSet memory) {
        return _known(set);
    }

    /// @inheritdoc IPossessionProofs
    function pieceOf(uint64 set, uint32 piece) external view returns (Piece memory) {
        uint256 leaves = _leaves[set].countAt(piece);
        if (leaves == 0) revert PieceUnknown(set, piece);
        return Piece(_roots[set][piece], uint64(leaves));
    }

    /// @inheritdoc IPossessionProofs
    function piecesOf(uint64 set, uint32 first, uint32 most) external view returns (Piece[] memory pieces) {
        uint256 count = _countFrom(_known(set).pieces, first, most);
        pieces = new Piece[](count);
        SumTree.Tree storage tree = _leaves[set];
        for (uint256 i; i < count; ++i) {
            pieces[i] = Piece(_roots[set][first + i], uint64(tree.countAt(first + i)));
        }
    }

    /// @inheritdoc IPossessionProofs
    function challengesOf(uint64 set)
        external
        view
        returns (uint32 period, LeafChallenge[] memory challenges)
    {
        DataSet storage kept = _known(set);
        ProvingClock memory clock = kept.clock;
        period = clock.periodAt(block.timestamp);
        if (kept.endsAfter != 0 && period >= kept.endsAfter) return (period, challenges);
        bytes32 beacon = EVIDENCE.beaconOf(kept.network, clock.beaconEpoch(period));
        uint64 range = _rangeOf(kept, period);
        if (beacon == 0 || range == 0) return (period, challenges);
        challenges = new LeafChallenge[](kept.challenges);
        for (uint256 i; i < challenges.length; ++i) {
            (uint256 piece, uint256 leaf) = _leaves[set].find(kept.pieces, _positionOf(beacon, set, i, range));
            challenges[i] = LeafChallenge(uint32(piece), uint64(leaf));
        }
    }

    /// @inheritdoc IPossessionProofs
    function longestPeriodOf(NetworkId network, uint32 device) external view returns (uint16) {
        return _longestPeriod[network.deviceId(device)];
    }

    /// @inheritdoc IPossessionProofs
    function isProven(uint64 set, uint32 period) external view returns (bool) {
        return _proven[set][period >> 8] >> (period & 0xff) & 1 == 1;
    }

    /// @dev The beacon of the period in its window. What is captured in its first half counts for all.
    function _capture(NetworkId network, ProvingClock memory clock, uint32 period)
        private
        returns (bytes32 beacon)
    {
        uint32 epoch = clock.beaconEpoch(period);
        beacon = EVIDENCE.beaconOf(network, epoch);
        if (beacon == 0) beacon = EVIDENCE.captureBeacon(network, epoch);
        if (block.timestamp >= clock.onTimeUntil(period)) return beacon;
        uint32[] storage captured = _captured[_scheduleOf(network, clock.periodEpochs, clock.windowEpochs)];
        uint256 count = captured.length;
        if (count > 0 && captured[count - 1] == period) return beacon;
        captured.push(period);
        emit ChallengeCaptured(network, clock.periodEpochs, clock.windowEpochs, period, beacon);
    }

    /// @dev 256 bits over at most 60: no position is more likely than another by more than 2⁻¹⁹⁶.
    function _positionOf(bytes32 beacon, uint64 set, uint256 challenge, uint64 range)
        private
        pure
        returns (uint256)
    {
        return uint256(keccak256(abi.encode(beacon, set, challenge))) % range;
    }

    function _requireLeaf(
        uint64 set,
        uint32 pieces,
        uint256 challenge,
        uint256 position,
        LeafProof calldata proof
    ) private view {
        SumTree.Tree storage tree = _leaves[set];
        (uint256 piece, uint256 leaf) = tree.find(pieces, position);
        if (
            proof.path.length != PieceTree.depth(tree.countAt(piece))
                || !PieceTree.verify(_roots[set][piece], proof.leaf, leaf, proof.path)
        ) {
            revert LeafProofInvalid(challenge, uint32(piece), uint64(leaf));
        }
    }

    function _storeRoots(uint64 set, uint256 first, Piece[] calldata pieces)
        private
        returns (uint256[] memory counts, uint256 sum)
    {
        counts = new uint256[](pieces.length);
        mapping(uint256 => bytes32) storage roots = _roots[set];
        for (uint256 i; i < pieces.length; ++i) {
            (bytes32 root, uint64 leaves) = (pieces[i].root, pieces[i].leaves);
            if (root == 0 || leaves == 0 || leaves > MOST_PIECE_LEAVES) revert PieceInvalid(i, root, leaves);
            roots[first + i] = root;
            counts[i] = leaves;
            sum += leaves;
        }
    }

    /// @dev Zero when it was scheduled twice, and is gone.
    function _remove(uint64 set, uint32 pieces, uint32 piece) private returns (uint64 leaves) {
        leaves = uint64(_leaves[set].clear(pieces, piece));
        if (leaves == 0) return 0;
        delete _roots[set][piece];
        emit PieceRemoved(set, piece);
    }

    function _clockOf(NetworkId network, uint16 periodEpochs, uint16 windowEpochs)
        private
        view
        returns (ProvingClock memory)
    {
        if (windowEpochs == 0 || windowEpochs > type(uint16).max - 2) {
            revert TermsInvalid("windowEpochs", windowEpochs, 1, type(uint16).max - 2);
        }
        if (periodEpochs < windowEpochs + 2) {
            revert TermsInvalid("periodEpochs", periodEpochs, windowEpochs + 2, type(uint16).max);
        }
        Timeline memory timeline = NETWORKS.timelineOf(network);
        return ProvingClock(timeline.genesis, timeline.epochSeconds, periodEpochs, windowEpochs);
    }

    function _requireWindow(ProvingClock memory clock) private view returns (uint32 period) {
        period = clock.periodAt(block.timestamp);
        uint256 opensAt = clock.windowStart(period);
        if (block.timestamp < opensAt) revert WindowNotOpen(period, opensAt, block.timestamp);
    }

    function _requireBatch(uint256 count) private pure {
        if (count == 0 || count > MOST_BATCH) revert BatchInvalid(count, MOST_BATCH);
    }

    function _requireRunning(uint64 set, DataSet storage kept) private view {
        if (kept.endsAfter != 0) revert SetEnded(set, kept.endsAfter - 1);
    }

    function _owned(uint64 set) private view returns (DataSet storage kept) {
        kept = _known(set);
        if (!kept.railed) _onlyDeviceOwner(kept.network, kept.device);
        else if (msg.sender != RAILS) revert SetOfARail(set, msg.sender);
    }

    function _onlyDeviceOwner(NetworkId network, uint32 device) private view {
        uint256 id = network.deviceId(device);
        address owner = DEVICES.ownerOf(id);
        if (msg.sender != owner) revert NotDeviceOwner(id, msg.sender, owner);
    }
}
