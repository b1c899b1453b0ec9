// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IBudgets} from "./interfaces/IBudgets.sol";
import {IDevices} from "./interfaces/IDevices.sol";
import {IEvidence} from "./interfaces/IEvidence.sol";
import {INetworks} from "./interfaces/INetworks.sol";
import {IReserve} from "./interfaces/IReserve.sol";
import {ISettlement, RootRecord, RootState} from "./interfaces/ISettlement.sol";
import {IStake, Role} from "./interfaces/IStake.sol";
import {PayoutTree} from "./libraries/PayoutTree.sol";
import {Quorum} from "./libraries/Quorum.sol";
import {RootChain} from "./libraries/RootChain.sol";
import {TreeTops} from "./libraries/TreeTops.sol";
import {NetworkId} from "./types/NetworkId.sol";
import {Root, Tops, rootIdCalldata as idOf} from "./types/Root.sol";
import {Timeline} from "./types/Timeline.sol";

/// @notice Reward roots: attested, accepted, removed or final. Spec 6.
contract Settlement is ISettlement, ReentrancyGuardTransient {
    using RootChain for RootChain.Chain;
    using SafeERC20 for IERC20;

    struct Vote {
        uint128 weight;
        bool resolved;
    }

    INetworks private immutable NETWORKS;
    IDevices private immutable DEVICES;
    IStake private immutable STAKE;
    IEvidence private immutable EVIDENCE;
    address private immutable CHALLENGES;
    address private immutable DISPUTES;
    IBudgets private immutable BUDGETS;

    mapping(NetworkId => RootChain.Chain) private _chains;
    mapping(bytes32 rootId => RootRecord) private _records;
    mapping(bytes32 rootId => address[]) private _voters;
    mapping(bytes32 rootId => mapping(address verifier => Vote)) private _votes;
    /// @dev By keccak256(abi.encode(network, parent, last, verifier)): one vote each.
    mapping(bytes32 attempt => bool) private _attempted;
    /// @dev The payout top of a root once it is final, apart from its record: a claim reads one slot.
    mapping(NetworkId => mapping(bytes32 rootId => bytes32)) private _finalTops;
    /// @dev Of what was slashed for a removed root, the part that awaits the winner.
    mapping(bytes32 rootId => uint256) private _escrow;

    modifier onlyChallenges() {
        if (msg.sender != CHALLENGES && msg.sender != DISPUTES) revert NotChallenges(msg.sender);
        _;
    }

    constructor(
        address networks,
        address devices,
        address stake,
        address evidence,
        address challenges,
        address disputes,
        address budgets
    ) {
        NETWORKS = INetworks(networks);
        DEVICES = IDevices(devices);
        STAKE = IStake(stake);
        EVIDENCE = IEvidence(evidence);
        CHALLENGES = challenges;
        DISPUTES = disputes;
        BUDGETS = IBudgets(budgets);
    }

    /// @inheritdoc ISettlement
    function attest(NetworkId network, Root calldata root, Tops calldata tops, bytes32 streamDigest)
        external
        returns (bytes32 rootId)
    {
        rootId = idOf(network, root);
        _checkAttesting(NETWORKS.timelineOf(network), root.last);
        uint128 weight = STAKE.attend(network, msg.sender, root.last);
        if (weight == 0) revert NoWeight(msg.sender);
        bytes32 attempt = keccak256(abi.encode(network, root.parent, root.last, msg.sender));
        if (_attempted[attempt]) revert AlreadyAttested(msg.sender, root.last);
        _attempted[attempt] = true;

        RootRecord storage record = _records[rootId];
        RootState state = record.state;
        if (state == RootState.Challengeable ? !isStanding(rootId) : root.parent != head(network)) {
            revert NotOnHead(root.parent, head(network));
        }
        if (state == RootState.None) {
            _propose(network, rootId, root, tops);
        } else if (state != RootState.Attesting && state != RootState.Challengeable) {
            revert WrongState(rootId, RootState.Attesting, state);
        }

        _votes[rootId][msg.sender].weight = weight;
        _voters[rootId].push(msg.sender);
        record.votes += weight;
        emit Attested(network, rootId, msg.sender, weight, streamDigest);
        if (state != RootState.Challengeable) _tryAccept(network, rootId, record);
    }

    /// @inheritdoc ISettlement
    function tally(bytes32 rootId) external returns (bool accepted) {
        RootRecord storage record = _recordIn(rootId, RootState.Attesting);
        NetworkId network = record.network;
        _checkAttesting(NETWORKS.timelineOf(network), record.last);
        if (record.parent != head(network)) revert NotOnHead(record.parent, head(network));
        return _tryAccept(network, rootId, record);
    }

    /// @inheritdoc ISettlement
    function finalise(bytes32 rootId) external {
        RootRecord storage record = _recordIn(rootId, RootState.Challengeable);
        uint64 finalisableAt = record.finalisableAt;
        if (!isStanding(rootId) || record.openChallenges != 0 || block.timestamp < finalisableAt) {
            revert NotFinalisable(rootId, finalisableAt, record.openChallenges);
        }
        bytes32 parent = record.parent;
        if (parent != 0 && _records[parent].state != RootState.Final) revert ParentNotFinal(parent);
        record.state = RootState.Final;
        NetworkId network = record.network;
        _finalTops[network][rootId] = record.payoutTop;
        uint128 released = record.payoutSum - _records[parent].payoutSum;
        emit RootFinalised(network, rootId, record.first, record.last, released);
        IReserve(NETWORKS.reserveOf(network)).releaseToVault(released);
    }

    /// @inheritdoc ISettlement
    function resolve(bytes32 rootId, address verifier) external nonReentrant {
        Vote storage vote = _votes[rootId][verifier];
        if (vote.weight == 0 || vote.resolved) revert NothingToResolve(rootId, verifier);
        vote.resolved = true;
        RootRecord storage record = _records[rootId];
        NetworkId network = record.network;
        RootState state = record.state;
        uint256 paid;
        if (state == RootState.Removed) _slash(network, rootId, verifier);
        else if (state == RootState.Final) paid = _pay(network, record, verifier, vote.weight);
        else if (!_isLost(rootId, record)) revert WrongState(rootId, RootState.Final, state);
        STAKE.dropLiability(network, Role.Verifier, verifier);
        emit Resolved(network, rootId, verifier, state == RootState.Removed, uint128(paid));
    }

    /// @inheritdoc ISettlement
    function collect(bytes32 rootId) external nonReentrant returns (uint256 amount) {
        RootRecord storage record = _recordIn(rootId, RootState.Removed);
        if (record.openChallenges != 0 || block.timestamp < record.finalisableAt) {
            revert TooEarlyToCollect(rootId, record.finalisableAt, record.openChallenges);
        }
        amount = _escrow[rootId];
        _escrow[rootId] = 0;
        emit RewardCollected(record.network, rootId, record.winner, amount);
        IERC20(NETWORKS.tokenOf(record.network)).safeTransfer(record.winner, amount);
    }

    /// @inheritdoc ISettlement
    function delay(bytes32 rootId) external {
        RootRecord storage record = _recordIn(rootId, RootState.Challengeable);
        NetworkId network = record.network;
        if (record.delayed || msg.sender != NETWORKS.configOf(network).guardian) {
            revert NotGuardian(msg.sender);
        }
        record.delayed = true;
        uint32 challengeSeconds = NETWORKS.timelineOf(network).challengeSeconds;
        record.finalisableAt += challengeSeconds;
        record.openUntil += challengeSeconds;
        emit RootDelayed(network, rootId, record.finalisableAt);
    }

    /// @inheritdoc ISettlement
    function challengeOpened(bytes32 rootId) external onlyChallenges {
        _recordIn(rootId, RootState.Challengeable).openChallenges += 1;
    }

    /// @inheritdoc ISettlement
    function challengeClosed(bytes32 rootId) external onlyChallenges {
        RootRecord storage record = _records[rootId];
        record.openChallenges -= 1;
        uint64 usableUntil = uint64(block.timestamp) + NETWORKS.timelineOf(record.network).responseSeconds;
        if (record.finalisableAt < usableUntil) record.finalisableAt = usableUntil;
    }

    /// @inheritdoc ISettlement
    function remove(bytes32 rootId, uint8 kind, address winner, uint64 openedAt) external onlyChallenges {
        RootRecord storage record = _records[rootId];
        bool again = record.state == RootState.Removed;
        if (again && openedAt >= record.winnerOpenedAt) return;
        if (!again) {
            _recordIn(rootId, RootState.Challengeable);
            if (isStanding(rootId)) _chains[record.network].cut(record.position);
            record.state = RootState.Removed;
        }
        record.winner = winner;
        record.winnerOpenedAt = openedAt;
        emit RootRemoved(record.network, rootId, kind, winner);
    }

    /// @inheritdoc ISettlement
    function head(NetworkId network) public view returns (bytes32) {
        return _chains[network].head();
    }

    /// @inheritdoc ISettlement
    function recordOf(bytes32 rootId) external view returns (RootRecord memory) {
        return _records[rootId];
    }

    /// @inheritdoc ISettlement
    function isStanding(bytes32 rootId) public view returns (bool) {
        RootRecord storage record = _records[rootId];
        if (record.state != RootState.Challengeable && record.state != RootState.Final) return false;
        return _chains[record.network].contains(rootId, record.position);
    }

    /// @inheritdoc ISettlement
    function isChallengeable(bytes32 rootId) external view returns (bool) {
        RootRecord storage record = _records[rootId];
        RootState state = record.state;
        if (state != RootState.Challengeable && state != RootState.Removed) return false;
        return block.timestamp < record.finalisableAt || record.openChallenges != 0 || isStanding(rootId);
    }

    /// @inheritdoc ISettlement
    function disputableUntil(bytes32 rootId) external view returns (uint64) {
        RootRecord storage record = _records[rootId];
        return record.state == RootState.Challengeable ? record.openUntil : 0;
    }

    /// @inheritdoc ISettlement
    function isRemoved(bytes32 rootId) external view returns (bool) {
        return _records[rootId].state == RootState.Removed;
    }

    /// @inheritdoc ISettlement
    function rootCovering(NetworkId network, uint32 epoch) external view returns (bytes32) {
        RootChain.Chain storage chain = _chains[network];
        uint32 low = 0;
        uint32 high = chain.length;
        while (low < high) {
            uint32 middle = low + (high - low) / 2;
            if (_records[chain.at[middle]].last < epoch) low = middle + 1;
            else high = middle;
        }
        return low == chain.length ? bytes32(0) : chain.at[low];
    }

    /// @inheritdoc ISettlement
    function finalTop(NetworkId network, bytes32 rootId) external view returns (bytes32) {
        return _finalTops[network][rootId];
    }

    /// @inheritdoc ISettlement
    function hasAttested(bytes32 rootId, address verifier) external view returns (bool) {
        return _votes[rootId][verifier].weight != 0;
    }

    function _propose(NetworkId network, bytes32 rootId, Root calldata root, Tops calldata tops) private {
        RootRecord storage parent = _records[root.parent];
        uint32 expectedFirst = root.parent == 0 ? 0 : parent.last + 1;
        if (root.first != expectedFirst || root.last < root.first) {
            revert RangeBroken(expectedFirst, root.first, root.last);
        }
        if (NETWORKS.rulesetAt(network, root.last).hash != root.ruleset) revert SnapshotDiffers("ruleset");
        if (!DEVICES.isDeviceCountAt(network, root.last, root.deviceCount)) {
            revert SnapshotDiffers("deviceCount");
        }
        if (root.partitionHash != 0) revert SnapshotDiffers("partitionHash");
        if (!EVIDENCE.isEvidenceSet(
                network, parent.evidenceEnd, root.evidenceEnd, root.last, root.evidenceSet
            )) {
            revert EvidenceDiffers(root.evidenceEnd, root.evidenceSet);
        }
        if (root.deviceCount > 1) TreeTops.check(root, tops);
        uint128[4] memory pots = _potsOf(network, root, parent);
        _checkBudget(root, parent.payoutSum, pots);

        RootRecord storage record = _records[rootId];
        record.state = RootState.Attesting;
        record.network = network;
        record.parent = root.parent;
        record.first = root.first;
        record.last = root.last;
        record.evidenceEnd = root.evidenceEnd;
        record.deviceCount = root.deviceCount;
        record.payoutSum = root.payoutSum;
        record.pots = pots;
        record.workSums = root.workSums;
        record.payoutTop = PayoutTree.top(root.payoutHash, root.payoutSum);
        emit RootProposed(network, rootId, root.first, root.last, root);
    }

    function _tryAccept(NetworkId network, bytes32 rootId, RootRecord storage record) private returns (bool) {
        uint32 last = record.last;
        // The votes as they were given are never less than as they are now: without them no need to count.
        if (3 * uint256(record.votes) < 2 * uint256(STAKE.totalWeight(network, Role.Verifier, last))) {
            return false;
        }
        if (!Quorum.reached(STAKE, network, last, _voters[rootId])) return false;
        uint64 finalisableAt = uint64(block.timestamp) + NETWORKS.timelineOf(network).challengeSeconds;
        record.state = RootState.Challengeable;
        record.finalisableAt = finalisableAt;
        record.openUntil = finalisableAt;
        record.position = _chains[network].append(rootId);
        STAKE.rootAccepted(network);
        emit RootAccepted(network, rootId, record.first, last, finalisableAt);
        return true;
    }

    /// @dev The third that Stake sends a winner is kept here until it is clear who that is. What arrives is measured, whatever rounding or burning is Stake's rule.
    function _slash(NetworkId network, bytes32 rootId, address verifier) private {
        if (STAKE.slashableOf(network, Role.Verifier, verifier) == 0) return;
        IERC20 token = IERC20(NETWORKS.tokenOf(network));
        uint256 before = token.balanceOf(address(this));
        STAKE.slashAll(network, Role.Verifier, verifier, address(this));
        _escrow[rootId] += token.balanceOf(address(this)) - before;
    }

    function _pay(NetworkId network, RootRecord storage record, address verifier, uint128 weight)
        private
        returns (uint256)
    {
        uint256 budget = BUDGETS.verifierBudgetOf(network, record.first, record.last);
        return IReserve(NETWORKS.reserveOf(network)).payAttester(verifier, budget * weight / record.votes);
    }

    /// @dev Whether the root can neither become final nor be removed any more.
    function _isLost(bytes32 rootId, RootRecord storage record) private view returns (bool) {
        if (record.state == RootState.Attesting) {
            return block.timestamp >= NETWORKS.timelineOf(record.network).attestEnd(record.last);
        }
        return !isStanding(rootId) && record.openChallenges == 0 && block.timestamp >= record.finalisableAt;
    }

    function _recordIn(bytes32 rootId, RootState expected) private view returns (RootRecord storage record) {
        record = _records[rootId];
        if (record.state == RootState.None) revert RootUnknown(rootId);
        if (record.state != expected) revert WrongState(rootId, expected, record.state);
    }

    function _checkAttesting(Timeline memory timeline, uint32 last) private view {
        uint256 opensAt = timeline.availabilityEnd(last);
        uint256 closesAt = timeline.attestEnd(last);
        if (block.timestamp < opensAt || block.timestamp >= closesAt) {
            revert NotAttesting(last, opensAt, closesAt, block.timestamp);
        }
    }

    /// @dev A program that had no work in the parent passes its pot on.
    function _potsOf(NetworkId network, Root calldata root, RootRecord storage parent)
        private
        view
        returns (uint128[4] memory pots)
    {
        pots = BUDGETS.budgetOf(network, root.first, root.last);
        if (root.parent == 0) return pots;
        for (uint256 p; p < 4; ++p) {
            if (parent.workSums[p] == 0) pots[p] += parent.pots[p];
        }
    }

    function _checkBudget(Root calldata root, uint128 parentSum, uint128[4] memory pots) private pure {
        if (root.payoutSum < parentSum) revert PayoutShrinks(root.payoutSum, parentSum);
        uint256 bound = parentSum;
        for (uint256 p; p < 4; ++p) {
            if (root.workSums[p] != 0) bound += pots[p];
        }
        if (root.payoutSum > bound) revert OverBudget(root.payoutSum, bound);
    }
}
