// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {WorkProof} from "./interfaces/IChallenges.sol";
import {IDevices} from "./interfaces/IDevices.sol";
import {IEvidence} from "./interfaces/IEvidence.sol";
import {INetworks} from "./interfaces/INetworks.sol";
import {BondTerms, DeviceBond, IOperatorBonds} from "./interfaces/IOperatorBonds.sol";
import {DataSet, FaultSpan, IPossessionProofs} from "./interfaces/IPossessionProofs.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {SlashLadder} from "./libraries/SlashLadder.sol";
import {TokenSink} from "./libraries/TokenSink.sol";
import {WorkProofs} from "./libraries/WorkProofs.sol";
import {NetworkId} from "./types/NetworkId.sol";
import {Root, rootIdCalldata as idOf} from "./types/Root.sol";
import {Timeline} from "./types/Timeline.sol";

contract OperatorBonds is IOperatorBonds {
    using SafeERC20 for IERC20;
    using SlashLadder for BondTerms;

    struct DatedTerms {
        uint32 fromEpoch;
        BondTerms terms;
    }

    uint256 private constant WHOLE_BPS = 10_000;
    /// @dev Of what a slash takes, the caller's part is one in so many: it pays for gas, and can not make slashing oneself worth while.
    uint128 private constant CALLER_SHARE = 20;
    /// @dev Evidence is deferred at most so often before it is dropped (Evidence.sol).
    uint256 private constant DEFERRALS = 2;
    uint32 private constant MOST_SPANS = 32;

    INetworks private immutable NETWORKS;
    IDevices private immutable DEVICES;
    IEvidence private immutable EVIDENCE;
    ISettlement private immutable SETTLEMENT;
    IPossessionProofs private immutable POSSESSION;

    mapping(NetworkId => DatedTerms[]) private _terms; // by fromEpoch, strictly ascending
    mapping(NetworkId => mapping(uint16 class => uint128)) private _least;
    mapping(uint256 deviceId => DeviceBond) private _bonds;
    mapping(bytes32 rootId => mapping(uint256 word => uint256)) private _executed;
    mapping(uint64 set => uint32) private _executedSpans;

    constructor(address networks, address devices, address evidence, address settlement, address possession) {
        NETWORKS = INetworks(networks);
        DEVICES = IDevices(devices);
        EVIDENCE = IEvidence(evidence);
        SETTLEMENT = ISettlement(settlement);
        POSSESSION = IPossessionProofs(possession);
    }

    modifier onlyOwnerOf(NetworkId network) {
        address owner = NETWORKS.ownerOf(network);
        if (msg.sender != owner) revert NotOwner(network, msg.sender, owner);
        _;
    }

    /// @inheritdoc IOperatorBonds
    function setTerms(NetworkId network, BondTerms calldata terms) external onlyOwnerOf(network) {
        _check(terms);
        uint32 fromEpoch = _nextEpoch(network);
        DatedTerms[] storage all = _terms[network];
        // Terms set in the same epoch as the ones before take their place: neither were in force.
        bool replaces = all.length > 0 && all[all.length - 1].fromEpoch == fromEpoch;
        DatedTerms storage dated = replaces ? all[all.length - 1] : all.push();
        dated.fromEpoch = fromEpoch;
        dated.terms = terms;
        emit TermsSet(network, fromEpoch, terms);
    }

    /// @inheritdoc IOperatorBonds
    function setLeastBond(NetworkId network, uint16 class, uint128 amount) external onlyOwnerOf(network) {
        _least[network][class] = amount;
        emit LeastBondSet(network, class, amount);
    }

    /// @inheritdoc IOperatorBonds
    function deposit(NetworkId network, uint32 index, uint128 amount) external {
        if (amount == 0) revert NothingToDeposit();
        _ownerOf(network, index); // reverts for a device that does not exist
        DeviceBond storage bond = _bonds[network.deviceId(index)];
        bond.amount += amount;
        emit BondDeposited(network, index, msg.sender, amount, bond.amount, _nextEpoch(network));
        IERC20(NETWORKS.tokenOf(network)).safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IOperatorBonds
    function requestExit(NetworkId network, uint32 index, uint128 amount) external {
        _onlyDeviceOwner(network, index);
        DeviceBond storage bond = _bonds[network.deviceId(index)];
        if (amount == 0 || amount > bond.amount - bond.exiting) revert NothingToExit(msg.sender);
        Timeline memory timeline = NETWORKS.timelineOf(network);
        bond.exiting += amount;
        bond.withdrawableAt = uint64(block.timestamp) + timeline.exitSeconds;
        bond.exitEpoch = timeline.nextEpoch(block.timestamp);
        bond.cleared = false;
        emit BondExitRequested(network, index, amount, bond.withdrawableAt, bond.exitEpoch);
    }

    /// @inheritdoc IOperatorBonds
    function clearExit(NetworkId network, uint32 index, bytes32 rootId) external {
        DeviceBond storage bond = _bonds[network.deviceId(index)];
        if (bond.exiting == 0 || bond.cleared) revert NothingToExit(msg.sender);
        Timeline memory timeline = NETWORKS.timelineOf(network);
        _requireSettled(network, timeline, bond.exitEpoch, rootId);
        _requireProven(network, timeline, index, bond.exitEpoch);
        bond.cleared = true;
        // A root may become final in this very transaction: what it found has to find the bond here.
        uint64 executableUntil = uint64(block.timestamp) + timeline.responseSeconds;
        if (bond.withdrawableAt < executableUntil) bond.withdrawableAt = executableUntil;
        emit BondExitCleared(network, index, bond.withdrawableAt);
    }

    /// @inheritdoc IOperatorBonds
    function withdraw(NetworkId network, uint32 index) external returns (uint128 amount) {
        _onlyDeviceOwner(network, index);
        uint256 id = network.deviceId(index);
        DeviceBond storage bond = _bonds[id];
        amount = bond.exiting;
        if (amount == 0) revert NothingToExit(msg.sender);
        if (!bond.cleared) revert ExitNotCleared(id);
        if (block.timestamp < bond.withdrawableAt) revert ExitTooEarly(bond.withdrawableAt, block.timestamp);
        bond.exiting = 0;
        bond.amount -= amount;
        emit BondWithdrawn(network, index, msg.sender, amount);
        IERC20(NETWORKS.tokenOf(network)).safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IOperatorBonds
    function slash(NetworkId network, Root calldata root, WorkProof calldata work)
        external
        returns (uint128 taken)
    {
        bytes32 rootId = idOf(network, root);
        if (SETTLEMENT.finalTop(network, rootId) == 0) revert RootNotFinal(rootId);
        uint32 index = work.leaf.index;
        if (isExecuted(rootId, index)) revert AlreadyExecuted(rootId, index);
        BondTerms memory terms = termsAt(network, root.first);
        uint128 pot = SETTLEMENT.recordOf(rootId).pots[terms.faultProgram];
        if (pot != 0) revert ProgramPays(terms.faultProgram, pot);
        if (!WorkProofs.isLeaf(root, work)) revert WorkProofInvalid(rootId, index);
        uint96 faults = work.leaf.work[terms.faultProgram];
        if (faults == 0) revert NoFaults(rootId, index);

        _executed[rootId][index >> 8] |= 1 << (index & 0xff);
        DeviceBond storage bond = _bonds[network.deviceId(index)];
        taken = _charge(bond, terms, root.first, root.last, faults);
        (uint128 burned, uint128 reward) = _payOut(network, taken);
        emit OperatorSlashed(network, index, rootId, faults, bond.score, burned, reward, msg.sender);
    }

    /// @inheritdoc IOperatorBonds
    function slashPossession(uint64 set) external returns (uint128 taken) {
        POSSESSION.recordFaults(set);
        DataSet memory kept = POSSESSION.setOf(set);
        FaultSpan[] memory spans = POSSESSION.faultSpansOf(set, _executedSpans[set], MOST_SPANS);
        if (spans.length == 0) revert NoFaultsOfSet(set);
        _executedSpans[set] += uint32(spans.length);
        DeviceBond storage bond = _bonds[kept.network.deviceId(kept.device)];
        uint96 faults;
        for (uint256 i; i < spans.length; ++i) {
            (uint128 share, bool judged) = _chargeSpan(bond, kept, spans[i]);
            taken += share;
            if (judged) faults += spans[i].missed;
        }
        (uint128 burned, uint128 reward) = _payOut(kept.network, taken);
        emit PossessionSlashed(
            kept.network, kept.device, set, faults, bond.score, burned, reward, msg.sender
        );
    }

    /// @inheritdoc IOperatorBonds
    function isBonded(NetworkId network, uint32 index) external view returns (bool) {
        uint256 id = network.deviceId(index);
        DeviceBond storage bond = _bonds[id];
        return bond.amount - bond.exiting >= _least[network][DEVICES.classOf(id)];
    }

    /// @inheritdoc IOperatorBonds
    function scoreOf(NetworkId network, uint32 index, uint32 epoch) external view returns (uint32) {
        DeviceBond storage bond = _bonds[network.deviceId(index)];
        if (bond.score == 0 || epoch <= bond.faultEpoch) return bond.score;
        return termsAt(network, epoch).forgiven(bond.score, epoch - bond.faultEpoch - 1);
    }

    /// @inheritdoc IOperatorBonds
    function bondOf(NetworkId network, uint32 index) external view returns (DeviceBond memory) {
        return _bonds[network.deviceId(index)];
    }

    /// @inheritdoc IOperatorBonds
    function leastBondOf(NetworkId network, uint16 class) external view returns (uint128) {
        return _least[network][class];
    }

    /// @inheritdoc IOperatorBonds
    function executedSpansOf(uint64 set) external view returns (uint32) {
        return _executedSpans[set];
    }

    /// @inheritdoc IOperatorBonds
    function termsAt(NetworkId network, uint32 epoch) public view returns (BondTerms memory) {
        (bool found, BondTerms memory terms) = _findTerms(network, epoch);
        if (!found) revert NoBondTerms(network, epoch);
        return terms;
    }

    /// @inheritdoc IOperatorBonds
    function isExecuted(bytes32 rootId, uint32 index) public view returns (bool) {
        return _executed[rootId][index >> 8] >> (index & 0xff) & 1 == 1;
    }

    /// @dev What left answers for the epochs before it did: no rule that acts later reaches it.
    function _liable(DeviceBond storage bond, uint32 first) private view returns (uint128) {
        return first < bond.exitEpoch ? bond.amount : bond.amount - bond.exiting;
    }

    /// @dev Raises the score and takes the share. What is exiting goes last, as in Stake.
    function _charge(DeviceBond storage bond, BondTerms memory terms, uint32 first, uint32 last, uint96 faults)
        private
        returns (uint128 taken)
    {
        uint32 charged;
        (bond.score, charged) = terms.raise(bond.score, bond.faultEpoch, first, last, faults);
        if (last > bond.faultEpoch) bond.faultEpoch = last;
        taken = terms.shareOf(charged, _liable(bond, first));
        bond.amount -= taken;
        if (bond.exiting > bond.amount) bond.exiting = bond.amount;
    }

    /// @dev By the terms of the epoch in which the first missed period began; before there were any, a fault costs nothing.
    function _chargeSpan(DeviceBond storage bond, DataSet memory kept, FaultSpan memory span)
        private
        returns (uint128 taken, bool judged)
    {
        uint32 epochs = kept.clock.periodEpochs;
        uint32 first = span.first * epochs;
        BondTerms memory terms;
        (judged, terms) = _findTerms(kept.network, first);
        if (judged) taken = _charge(bond, terms, first, (span.last + 1) * epochs - 1, span.missed);
    }

    /// @dev Nobody's refusal to be paid may stop a slash.
    function _payOut(NetworkId network, uint128 taken) private returns (uint128 burned, uint128 reward) {
        if (taken == 0) return (0, 0);
        reward = taken / CALLER_SHARE;
        IERC20 token = IERC20(NETWORKS.tokenOf(network));
        if (reward > 0 && !token.trySafeTransfer(msg.sender, reward)) reward = 0;
        burned = taken - reward;
        TokenSink.burn(token, burned);
    }

    function _findTerms(NetworkId network, uint32 epoch) private view returns (bool, BondTerms memory terms) {
        DatedTerms[] storage all = _terms[network];
        for (uint256 i = all.length; i > 0; --i) {
            if (all[i - 1].fromEpoch <= epoch) return (true, all[i - 1].terms);
        }
        return (false, terms);
    }

    /// @dev The last proving period that began before `exitEpoch` is over: its faults can be known.
    function _requireProven(NetworkId network, Timeline memory t, uint32 index, uint32 exitEpoch) private view {
        uint256 longest = POSSESSION.longestPeriodOf(network, index);
        if (longest == 0 || exitEpoch == 0) return;
        uint256 over = uint256(t.genesis) + (exitEpoch - 1 + longest) * t.epochSeconds;
        if (block.timestamp < over) revert ProofsStillDue(over, block.timestamp);
    }

    /// @dev Reports of the epochs before `exitEpoch` are in slots sealed up to `through`: the last late commitment for them is made before attestEnd, and each deferral puts off a slot by
    ///      one sealing and what fits into an availability phase. `sealedIn` never falls along the list, so one slot tells of all that follow.
    function _requireSettled(NetworkId network, Timeline memory t, uint32 exitEpoch, bytes32 rootId) private view {
        uint256 late = (uint256(t.availabilitySeconds) + t.attestSeconds - 1) / t.epochSeconds;
        uint256 deferred = 1 + (uint256(t.availabilitySeconds) - 1) / t.epochSeconds;
        uint32 through = uint32(exitEpoch + late + DEFERRALS * deferred);
        uint256 clearableAt = t.availabilityEnd(through);
        if (block.timestamp < clearableAt) revert EvidenceStillOpen(clearableAt, block.timestamp);
        uint32 covered;
        if (rootId != 0) {
            if (SETTLEMENT.finalTop(network, rootId) == 0) revert RootNotFinal(rootId);
            covered = SETTLEMENT.recordOf(rootId).evidenceEnd;
        }
        if (covered == EVIDENCE.slotCount(network)) return;
        uint32 sealedIn = EVIDENCE.slotOf(network, covered).sealedIn;
        if (sealedIn <= through) revert EvidenceNotCovered(covered, sealedIn, through);
    }

    function _check(BondTerms calldata terms) private pure {
        if (terms.faultProgram > 3) revert BondTermsInvalid("faultProgram", terms.faultProgram);
        if (terms.forgiveEpochs == 0) revert BondTermsInvalid("forgiveEpochs", 0);
        uint32 score;
        uint16 bps;
        for (uint256 i; i < 4; ++i) {
            if (terms.scores[i] <= score) revert BondTermsInvalid("scores", i);
            if (terms.bps[i] < bps || terms.bps[i] > WHOLE_BPS) revert BondTermsInvalid("bps", i);
            (score, bps) = (terms.scores[i], terms.bps[i]);
        }
    }

    function _nextEpoch(NetworkId network) private view returns (uint32) {
        return NETWORKS.timelineOf(network).nextEpoch(block.timestamp);
    }

    function _ownerOf(NetworkId network, uint32 index) private view returns (address) {
        return IERC721(address(DEVICES)).ownerOf(network.deviceId(index));
    }

    function _onlyDeviceOwner(NetworkId network, uint32 index) private view {
        address owner = _ownerOf(network, index);
        if (msg.sender != owner) revert NotDeviceOwner(network.deviceId(index), msg.sender, owner);
    }
}
