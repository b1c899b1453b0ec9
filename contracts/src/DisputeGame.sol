// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {CommitReveal} from "./CommitReveal.sol";
import {Dispute, DisputeState, IDisputes} from "./interfaces/IDisputes.sol";
import {INetworks} from "./interfaces/INetworks.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {NetworkId} from "./types/NetworkId.sol";
import {Timeline} from "./types/Timeline.sol";

/// @notice The game of a dispute, whatever it is about: bonds, clocks and how it ends.
abstract contract DisputeGame is IDisputes, CommitReveal {
    using SafeERC20 for IERC20;

    address private constant NOBODY = 0x000000000000000000000000000000000000dEaD;

    INetworks internal immutable NETWORKS;
    ISettlement internal immutable SETTLEMENT;

    uint256 private _count;
    mapping(uint256 id => Dispute) internal _disputes;
    mapping(NetworkId => uint32) private _openCount;
    /// @dev Subjects of kind 4 that are in dispute. The answer is the same whoever asked, and silence ends for anybody: one dispute speaks for all.
    mapping(bytes32 subject => bool) private _inDispute;
    mapping(IERC20 token => mapping(address to => uint256)) private _owed;

    constructor(address networks, address settlement) {
        NETWORKS = INetworks(networks);
        SETTLEMENT = ISettlement(settlement);
    }

    /// @inheritdoc IDisputes
    function timeout(uint256 id) external {
        Dispute storage dispute = _disputes[id];
        DisputeState state = dispute.state;
        if (!_isOpen(state)) revert WrongDisputeState(id, DisputeState.AwaitingAnswer, state);
        if (block.timestamp <= dispute.dueAt) revert NotDue(dispute.dueAt, block.timestamp);
        _end(id, dispute, state == DisputeState.AwaitingAnswer);
    }

    /// @inheritdoc IDisputes
    function withdrawDispute(uint256 id) external {
        Dispute storage dispute = _disputes[id];
        if (!_isOpen(dispute.state)) {
            revert WrongDisputeState(id, DisputeState.AwaitingAnswer, dispute.state);
        }
        if (msg.sender != dispute.challenger) revert NotYourMove(id, msg.sender);
        if (SETTLEMENT.isStanding(dispute.rootId)) revert StillStanding(dispute.rootId);
        _close(dispute, DisputeState.Withdrawn);
        emit DisputeWithdrawn(id, dispute.rootId);
        _send(_token(dispute.network), dispute.challenger, _bond(dispute.network));
    }

    /// @inheritdoc IDisputes
    function payOwed(NetworkId network, address to) external returns (uint256 amount) {
        IERC20 token = _token(network);
        amount = _owed[token][to];
        _owed[token][to] = 0;
        token.safeTransfer(to, amount);
    }

    /// @inheritdoc IDisputes
    function disputeOf(uint256 id) external view returns (Dispute memory) {
        return _disputes[id];
    }

    /// @inheritdoc IDisputes
    function openDisputes(NetworkId network) external view returns (uint32) {
        return _openCount[network];
    }

    /// @dev Until when what an answer showed allows to open late; zero where nothing does.
    function _followableUntil(Dispute memory claim) internal view virtual returns (uint64);

    /// @dev Takes the bond and starts the clock of the answerers.
    function _open(Dispute memory claim) internal returns (uint256 id) {
        uint64 until = SETTLEMENT.disputableUntil(claim.rootId);
        uint64 followUntil = _followableUntil(claim);
        if (until != 0 && followUntil > until) until = followUntil;
        if (block.timestamp >= until) revert NotDisputable(claim.rootId, until, block.timestamp);
        if (claim.subject != 0) {
            if (_inDispute[claim.subject]) revert AlreadyDisputed(claim.subject);
            _inDispute[claim.subject] = true;
        }
        claim.state = DisputeState.AwaitingAnswer;
        claim.dueAt = _dueAt(claim.network, _openCount[claim.network]);
        _openCount[claim.network] += 1;
        id = ++_count;
        _disputes[id] = claim;
        SETTLEMENT.challengeOpened(claim.rootId);
        emit DisputeOpened(
            id, claim.network, claim.rootId, claim.kind, claim.tree, claim.challenger, claim.dueAt
        );
        _token(claim.network).safeTransferFrom(msg.sender, address(this), _bond(claim.network));
    }

    /// @dev The dispute, if it waits for that side and is in time.
    function _awaiting(uint256 id, DisputeState expected) internal view returns (Dispute storage dispute) {
        dispute = _disputes[id];
        if (dispute.state != expected) revert WrongDisputeState(id, expected, dispute.state);
        if (block.timestamp > dispute.dueAt) revert TooLate(dispute.dueAt, block.timestamp);
    }

    function _answered(Dispute storage dispute) internal returns (uint64) {
        dispute.answerer = msg.sender;
        dispute.state = DisputeState.AwaitingChallenger;
        return _restartClock(dispute);
    }

    function _restartClock(Dispute storage dispute) internal returns (uint64 dueAt) {
        dueAt = _dueAt(dispute.network, _openCount[dispute.network] - 1);
        dispute.dueAt = dueAt;
    }

    /// @dev Nothing a party does with a token can keep a dispute open: what can not be sent is kept for `payOwed`.
    function _end(uint256 id, Dispute storage dispute, bool challengerWon) internal {
        bytes32 rootId = dispute.rootId;
        NetworkId network = dispute.network;
        if (challengerWon) SETTLEMENT.remove(rootId, dispute.kind, dispute.challenger, dispute.openedAt);
        _close(dispute, challengerWon ? DisputeState.Won : DisputeState.Lost);
        emit DisputeEnded(id, rootId, challengerWon);

        IERC20 token = _token(network);
        uint256 bond = _bond(network);
        // Of a root that lost to somebody else no challenger was wrong: it need not hurry to withdraw.
        if (SETTLEMENT.isRemoved(rootId)) {
            _send(token, dispute.challenger, bond);
            return;
        }
        _send(token, dispute.answerer, bond / 2);
        _burn(token, bond - bond / 2);
    }

    function _close(Dispute storage dispute, DisputeState state) private {
        dispute.state = state;
        _openCount[dispute.network] -= 1;
        if (dispute.subject != 0) _inDispute[dispute.subject] = false;
        SETTLEMENT.challengeClosed(dispute.rootId);
    }

    function _dueAt(NetworkId network, uint32 others) private view returns (uint64) {
        Timeline memory timeline = NETWORKS.timelineOf(network);
        return uint64(block.timestamp + timeline.responseSeconds + uint256(others) * timeline.queueSeconds);
    }

    function _send(IERC20 token, address to, uint256 amount) private {
        // Noting what failed costs more than a failed call leaves over: nobody makes a transfer fail by giving too little gas.
        if (amount != 0 && !token.trySafeTransfer(to, amount)) _owed[token][to] += amount;
    }

    function _burn(IERC20 token, uint256 amount) private {
        if (amount == 0) return;
        try ERC20Burnable(address(token)).burn(amount) {}
        catch {
            _send(token, NOBODY, amount);
        }
    }

    function _isOpen(DisputeState state) private pure returns (bool) {
        return state == DisputeState.AwaitingAnswer || state == DisputeState.AwaitingChallenger;
    }

    function _token(NetworkId network) private view returns (IERC20) {
        return IERC20(NETWORKS.tokenOf(network));
    }

    function _bond(NetworkId network) private view returns (uint256) {
        return NETWORKS.configOf(network).challengeBond;
    }
}
