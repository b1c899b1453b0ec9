// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";

/// @notice What a pool's operator promises. All but the commission never changes.
struct PoolTerms {
    uint16 commissionBps; // of rewards, the operator's part
    uint16 mostCommissionBps; // the highest it can ever be
    uint16 selfBps; // least part of the pool that is the operator's own, or nobody else can deposit; at least 3 334
}

/// @notice The contracts of the protocol that a pool speaks to.
struct PoolContracts {
    address networks;
    address stake;
    address settlement;
    address evidence;
    address disputes;
}

/// @notice Those who leave together.
struct ExitBatch {
    uint256 shares;
    uint256 assets; // theirs, once it is paid
    bool paid;
}

/// @notice The batch that is on its way out; zeros when none is.
struct Leaving {
    bool active;
    uint32 batch;
    uint64 dueAt; // from then on the operator attests nothing more until the batch is out
    uint128 claim; // of what is at stake, the batch's; slashed with the rest, pro rata
    uint128 exiting; // what was asked of Stake: the claim, or all where less than a bond would have stayed
}

/// @notice Delegation to one verifier. The pool is the bond's holder; its operator acts through it and can move none of its tokens. Shares follow ERC-4626's arithmetic with virtual
///         shares, and can not be transferred. Rounding is in the pool's favour. Spec 6, Delegation.
/// @dev Trusted of the operator: that it attests true roots. A false one costs the whole bond, of which a challenger gets a third: so `selfBps` is at least a third, and an operator
///      that challenges itself gains nothing.
interface IDelegationPool {
    event Delegated(address indexed holder, uint256 assets, uint256 shares);
    event Rewarded(uint256 amount, uint256 commission);
    event PoolSlashed(uint256 amount);
    event ExitQueued(address indexed holder, uint32 indexed batch, uint256 shares);
    event ExitStarted(uint32 indexed batch, uint256 shares, uint256 assets, uint64 dueAt);
    event ExitCompleted(uint32 indexed batch, uint256 assets);
    event DelegationWithdrawn(address indexed holder, uint32 indexed batch, uint256 assets);
    event CommissionAnnounced(uint16 bps, uint64 from);
    event CommissionSet(uint16 bps);
    event CommissionTaken(uint256 amount);
    event PoolClosed();

    error PoolTermsInvalid(string field, uint256 value);
    error NotOperator(address caller, address operator);
    error CallNotAllowed(address target, bytes4 selector);
    /// @dev Attesting would keep the bond in: the batch that is due comes first.
    error ExitsFirst(uint32 batch, uint64 dueAt);
    error PoolIsClosed();
    error PoolLostAll();
    error NothingToDelegate();
    error NotEnoughShares(uint256 has, uint256 asked);
    /// @dev The operator's own part, in what its shares are worth, would be less than it promised.
    error SelfDelegationTooSmall(uint256 own, uint256 least);
    error NothingQueued();
    error ExitUnderWay(uint32 batch);
    error NoExitUnderWay();
    error NextExitTooEarly(uint64 startableAt, uint256 nowAt);
    error BatchNotPaid(uint32 batch);
    error NothingToWithdraw(uint32 batch, address holder);
    error CommissionTooHigh(uint16 bps, uint16 most);
    error NoticeNotOver(uint64 from, uint256 nowAt);

    /// @notice Puts tokens at stake. The operator first: others only while its own part is as it promised.
    function deposit(uint128 assets) external returns (uint256 shares);
    /// @notice Puts shares into the next batch. They earn and bear until it starts.
    function requestExit(uint256 shares) external returns (uint32 batch);
    /// @notice Starts the queued batch: what it is worth is asked out of the stake, stays slashable, and earns no more. One at a time, and no sooner than four exit delays after the one
    ///         before. Anyone.
    function startExit() external returns (uint32 batch);
    /// @notice Ends the batch that is leaving, when the stake lets it go: the delay is over and nothing attested is open. Anyone.
    function completeExit() external returns (uint256 assets);
    /// @notice Pays a holder its part of a batch that is out. Anyone.
    function withdraw(uint32 batch, address holder) external returns (uint256 assets);
    /// @notice Accounts for rewards and slashes, and puts at stake what can be. Anyone.
    function tend() external;

    /// @notice The operator's call to the protocol: attest, mark unavailable, announce, answer disputes, and nothing else.
    function act(address target, bytes calldata data) external returns (bytes memory);
    /// @notice A lower commission acts at once; a higher one can be applied after six exit delays, in which everybody can be out.
    function announceCommission(uint16 bps) external;
    function applyCommission() external;
    /// @notice Pays the operator its commission. Anyone.
    function takeCommission() external returns (uint256 amount);
    /// @notice For good: the pool attests and takes no more, and the operator may leave like everybody.
    function close() external;

    function network() external view returns (NetworkId);
    function operator() external view returns (address);
    function terms() external view returns (PoolTerms memory);
    /// @notice What all shares are worth, without the batch that is leaving and the commission.
    function totalAssets() external view returns (uint256);
    function totalShares() external view returns (uint256);
    function sharesOf(address holder) external view returns (uint256);
    function assetsOf(address holder) external view returns (uint256);
    function commission() external view returns (uint256);
    function leaving() external view returns (Leaving memory);
    function queue() external view returns (uint32 batch, uint256 shares, uint64 startableAt);
    function batchOf(uint32 batch) external view returns (ExitBatch memory);
    function queuedOf(uint32 batch, address holder) external view returns (uint256 shares);
    function isClosed() external view returns (bool);
}

/// @notice Makes pools, so that who delegates can know that one is what it seems.
interface IDelegationPools {
    event PoolCreated(NetworkId indexed network, address indexed operator, address indexed pool, PoolTerms terms);

    /// @notice A pool for the caller.
    function create(NetworkId network, PoolTerms calldata terms) external returns (address pool);
    function isPool(address pool) external view returns (bool);
}
