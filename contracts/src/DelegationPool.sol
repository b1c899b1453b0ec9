// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ExitBatch, IDelegationPool, Leaving, PoolContracts, PoolTerms} from "./interfaces/IDelegationPool.sol";
import {IDisputes} from "./interfaces/IDisputes.sol";
import {IEvidence} from "./interfaces/IEvidence.sol";
import {INetworks} from "./interfaces/INetworks.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {IStake, Role} from "./interfaces/IStake.sol";
import {NetworkId} from "./types/NetworkId.sol";

contract DelegationPool is IDelegationPool, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    uint256 private constant WHOLE_BPS = 10_000;
    /// @dev Shares that nobody has, so that who donates before the first deposit pays for what rounding takes (ERC-4626 with an offset).
    uint256 private constant VIRTUAL_SHARES = 1e6;
    /// @dev A challenger gets a third of what a false root costs its attesters.
    uint16 private constant LEAST_SELF_BPS = 3_334;
    /// @dev While a batch is due the operator attests nothing: this bounds what exits can take of its time.
    uint64 private constant EXITS_BETWEEN_BATCHES = 4;
    /// @dev Waiting for a batch to start, its delay, and what was attested last: after a notice everybody can be out.
    uint64 private constant EXITS_OF_NOTICE = 6;

    INetworks private immutable NETWORKS;
    IStake private immutable STAKE;
    address private immutable SETTLEMENT;
    address private immutable EVIDENCE;
    address private immutable DISPUTES;
    IERC20 private immutable TOKEN;
    uint64 private immutable EXIT_SECONDS;
    NetworkId public immutable network;
    address public immutable operator;

    PoolTerms private _terms;
    uint16 private _announcedBps;
    uint64 private _announcedFrom; // 0: nothing is announced
    bool public isClosed;

    uint256 public totalShares; // those that queue included, those that leave not
    mapping(address holder => uint256) public sharesOf;

    // The tokens here are: idle, and belong to the shares; reserved for batches that are out; the operator's commission. Whatever is above them came in since, and is a reward.
    uint256 private _idle;
    uint256 private _reserved;
    uint256 private _commission;
    uint128 private _staked; // what a slash could take when it was looked at last

    Leaving private _leaving;
    uint32 private _queue;
    uint64 private _startableAt;
    mapping(uint32 batch => ExitBatch) private _batches;
    mapping(uint32 batch => mapping(address holder => uint256)) private _queued;

    constructor(NetworkId network_, address operator_, PoolTerms memory terms_, PoolContracts memory contracts) {
        if (terms_.selfBps < LEAST_SELF_BPS || terms_.selfBps > WHOLE_BPS) {
            revert PoolTermsInvalid("selfBps", terms_.selfBps);
        }
        if (terms_.mostCommissionBps > WHOLE_BPS) {
            revert PoolTermsInvalid("mostCommissionBps", terms_.mostCommissionBps);
        }
        if (terms_.commissionBps > terms_.mostCommissionBps) {
            revert PoolTermsInvalid("commissionBps", terms_.commissionBps);
        }
        NETWORKS = INetworks(contracts.networks);
        STAKE = IStake(contracts.stake);
        SETTLEMENT = contracts.settlement;
        EVIDENCE = contracts.evidence;
        DISPUTES = contracts.disputes;
        TOKEN = IERC20(NETWORKS.tokenOf(network_));
        EXIT_SECONDS = NETWORKS.timelineOf(network_).exitSeconds;
        (network, operator, _terms) = (network_, operator_, terms_);
    }

    modifier onlyOperator() {
        if (msg.sender != operator) revert NotOperator(msg.sender, operator);
        _;
    }

    /// @inheritdoc IDelegationPool
    function deposit(uint128 assets) external nonReentrant returns (uint256 shares) {
        if (isClosed) revert PoolIsClosed();
        _sync();
        uint256 total = _assets();
        if (total == 0 && totalShares != 0) revert PoolLostAll();
        shares = Math.mulDiv(assets, totalShares + VIRTUAL_SHARES, total + 1);
        if (shares == 0) revert NothingToDelegate();
        totalShares += shares;
        sharesOf[msg.sender] += shares;
        _idle += assets;
        if (msg.sender != operator) _requireSelfDelegation();
        emit Delegated(msg.sender, assets, shares);
        TOKEN.safeTransferFrom(msg.sender, address(this), assets);
        _bond();
    }

    /// @inheritdoc IDelegationPool
    function requestExit(uint256 shares) external nonReentrant returns (uint32 batch) {
        uint256 has = sharesOf[msg.sender];
        if (shares == 0 || shares > has) revert NotEnoughShares(has, shares);
        _sync();
        sharesOf[msg.sender] = has - shares;
        if (msg.sender == operator && !isClosed) _requireSelfDelegation();
        batch = _queue;
        _queued[batch][msg.sender] += shares;
        _batches[batch].shares += shares;
        emit ExitQueued(msg.sender, batch, shares);
    }

    /// @inheritdoc IDelegationPool
    function startExit() external nonReentrant returns (uint32 batch) {
        if (_leaving.active) revert ExitUnderWay(_leaving.batch);
        if (block.timestamp < _startableAt) revert NextExitTooEarly(_startableAt, block.timestamp);
        batch = _queue;
        ExitBatch storage leavers = _batches[batch];
        if (leavers.shares == 0) revert NothingQueued();
        _sync();
        _bond();
        uint256 total = _assets();
        uint256 assets = _worth(leavers.shares);
        totalShares -= leavers.shares;
        // What could not be put at stake is shared out like what is.
        uint128 claim = total == 0 ? 0 : Math.mulDiv(assets, _staked, total).toUint128();
        _idle -= assets - claim;
        _reserved += assets - claim;
        leavers.assets = assets - claim;

        uint64 dueAt = uint64(block.timestamp) + EXIT_SECONDS;
        _queue = batch + 1;
        _startableAt = uint64(block.timestamp) + EXITS_BETWEEN_BATCHES * EXIT_SECONDS;
        emit ExitStarted(batch, leavers.shares, assets, dueAt);
        if (claim == 0) {
            _completed(batch, leavers);
            return batch;
        }
        uint128 exiting = _staked - claim < NETWORKS.configOf(network).verifierBond ? _staked : claim;
        _leaving = Leaving(true, batch, dueAt, claim, exiting);
        STAKE.requestExit(network, Role.Verifier, exiting);
    }

    /// @inheritdoc IDelegationPool
    function completeExit() external nonReentrant returns (uint256 assets) {
        Leaving memory out = _leaving;
        if (!out.active) revert NoExitUnderWay();
        _sync();
        out = _leaving;
        delete _leaving;
        uint256 received;
        if (out.exiting > 0) {
            uint256 before = TOKEN.balanceOf(address(this));
            STAKE.withdraw(network, Role.Verifier);
            received = TOKEN.balanceOf(address(this)) - before;
            _staked = STAKE.slashableOf(network, Role.Verifier, address(this));
        }
        // The claim is at most what was exiting; what came back with it stays in the pool.
        ExitBatch storage leavers = _batches[out.batch];
        leavers.assets += out.claim;
        _reserved += out.claim;
        _idle += received - out.claim;
        _completed(out.batch, leavers);
        _bond();
        return leavers.assets;
    }

    /// @inheritdoc IDelegationPool
    function withdraw(uint32 batch, address holder) external nonReentrant returns (uint256 assets) {
        ExitBatch storage leavers = _batches[batch];
        if (!leavers.paid) revert BatchNotPaid(batch);
        uint256 shares = _queued[batch][holder];
        if (shares == 0) revert NothingToWithdraw(batch, holder);
        _queued[batch][holder] = 0;
        assets = Math.mulDiv(leavers.assets, shares, leavers.shares);
        _reserved -= assets;
        emit DelegationWithdrawn(holder, batch, assets);
        TOKEN.safeTransfer(holder, assets);
    }

    /// @inheritdoc IDelegationPool
    function tend() external nonReentrant {
        _sync();
        _bond();
    }

    /// @inheritdoc IDelegationPool
    function act(address target, bytes calldata data) external onlyOperator nonReentrant returns (bytes memory) {
        bytes4 selector = bytes4(data);
        if (!_isAllowed(target, selector)) revert CallNotAllowed(target, selector);
        if (selector == ISettlement.attest.selector) {
            if (isClosed) revert PoolIsClosed();
            if (_leaving.active && block.timestamp >= _leaving.dueAt) {
                revert ExitsFirst(_leaving.batch, _leaving.dueAt);
            }
        }
        return Address.functionCall(target, data);
    }

    /// @inheritdoc IDelegationPool
    function announceCommission(uint16 bps) external onlyOperator nonReentrant {
        if (bps > _terms.mostCommissionBps) revert CommissionTooHigh(bps, _terms.mostCommissionBps);
        if (bps <= _terms.commissionBps) {
            // What came in until now is shared as it was.
            _sync();
            (_announcedBps, _announcedFrom) = (0, 0);
            _terms.commissionBps = bps;
            emit CommissionSet(bps);
            return;
        }
        _announcedBps = bps;
        _announcedFrom = uint64(block.timestamp) + EXITS_OF_NOTICE * EXIT_SECONDS;
        emit CommissionAnnounced(bps, _announcedFrom);
    }

    /// @inheritdoc IDelegationPool
    function applyCommission() external nonReentrant {
        uint64 from = _announcedFrom;
        if (from == 0 || block.timestamp < from) revert NoticeNotOver(from, block.timestamp);
        _sync();
        _terms.commissionBps = _announcedBps;
        (_announcedBps, _announcedFrom) = (0, 0);
        emit CommissionSet(_terms.commissionBps);
    }

    /// @inheritdoc IDelegationPool
    function takeCommission() external nonReentrant returns (uint256 amount) {
        _sync();
        amount = _commission;
        _commission = 0;
        emit CommissionTaken(amount);
        TOKEN.safeTransfer(operator, amount);
    }

    /// @inheritdoc IDelegationPool
    function close() external onlyOperator {
        isClosed = true;
        emit PoolClosed();
    }

    /// @inheritdoc IDelegationPool
    function terms() external view returns (PoolTerms memory) {
        return _terms;
    }

    /// @inheritdoc IDelegationPool
    function totalAssets() public view returns (uint256) {
        uint128 staked = STAKE.slashableOf(network, Role.Verifier, address(this));
        uint256 came = TOKEN.balanceOf(address(this)) - _idle - _reserved - _commission;
        return staked - _claimAfter(staked) + _idle + came - came * _terms.commissionBps / WHOLE_BPS;
    }

    /// @inheritdoc IDelegationPool
    function assetsOf(address holder) external view returns (uint256) {
        return Math.mulDiv(sharesOf[holder], totalAssets() + 1, totalShares + VIRTUAL_SHARES);
    }

    /// @inheritdoc IDelegationPool
    function commission() external view returns (uint256) {
        uint256 came = TOKEN.balanceOf(address(this)) - _idle - _reserved - _commission;
        return _commission + came * _terms.commissionBps / WHOLE_BPS;
    }

    /// @inheritdoc IDelegationPool
    function leaving() external view returns (Leaving memory) {
        return _leaving;
    }

    /// @inheritdoc IDelegationPool
    function queue() external view returns (uint32 batch, uint256 shares, uint64 startableAt) {
        return (_queue, _batches[_queue].shares, _startableAt);
    }

    /// @inheritdoc IDelegationPool
    function batchOf(uint32 batch) external view returns (ExitBatch memory) {
        return _batches[batch];
    }

    /// @inheritdoc IDelegationPool
    function queuedOf(uint32 batch, address holder) external view returns (uint256) {
        return _queued[batch][holder];
    }

    /// @dev Looks at what happened since: a slash is borne by all that was at stake alike, and what came in is a reward.
    function _sync() private {
        uint128 staked = STAKE.slashableOf(network, Role.Verifier, address(this));
        if (staked < _staked) {
            _leaving.claim = _claimAfter(staked);
            if (_leaving.exiting > staked) _leaving.exiting = staked;
            emit PoolSlashed(_staked - staked);
            _staked = staked;
        }
        uint256 came = TOKEN.balanceOf(address(this)) - _idle - _reserved - _commission;
        if (came == 0) return;
        uint256 cut = came * _terms.commissionBps / WHOLE_BPS;
        _commission += cut;
        _idle += came - cut;
        emit Rewarded(came, cut);
    }

    /// @dev Puts idle tokens at stake, if the bond they make is enough and the network has room.
    function _bond() private {
        uint256 idle = _idle;
        if (isClosed || idle == 0) return;
        if (_staked - _leaving.exiting + idle < NETWORKS.configOf(network).verifierBond) return;
        TOKEN.forceApprove(address(STAKE), idle);
        try STAKE.deposit(network, Role.Verifier, idle.toUint128()) {
            _idle = 0;
            _staked += uint128(idle);
        } catch {
            TOKEN.forceApprove(address(STAKE), 0);
        }
    }

    function _completed(uint32 batch, ExitBatch storage leavers) private {
        leavers.paid = true;
        emit ExitCompleted(batch, leavers.assets);
    }

    /// @dev Of the whole that its operator could lose for others, what is leaving included.
    function _requireSelfDelegation() private view {
        uint256 own = _worth(sharesOf[operator]);
        uint256 least = Math.mulDiv(_assets() + _leaving.claim, _terms.selfBps, WHOLE_BPS, Math.Rounding.Ceil);
        if (own < least) revert SelfDelegationTooSmall(own, least);
    }

    /// @dev After _sync: what all shares are worth.
    function _assets() private view returns (uint256) {
        return _staked - _leaving.claim + _idle;
    }

    function _worth(uint256 shares) private view returns (uint256) {
        return Math.mulDiv(shares, _assets() + 1, totalShares + VIRTUAL_SHARES);
    }

    function _claimAfter(uint128 staked) private view returns (uint128) {
        return staked < _staked
            ? uint128(uint256(_leaving.claim) * staked / _staked)
            : _leaving.claim;
    }

    /// @dev Nothing here moves the pool's tokens or its bond.
    function _isAllowed(address target, bytes4 selector) private view returns (bool) {
        if (target == SETTLEMENT) return selector == ISettlement.attest.selector;
        if (target == EVIDENCE) return selector == IEvidence.markUnavailable.selector;
        if (target == address(STAKE)) return selector == IStake.announce.selector;
        if (target != DISPUTES) return false;
        return selector == IDisputes.showChildren.selector || selector == IDisputes.showLeaf.selector
            || selector == IDisputes.showBacking.selector;
    }
}
