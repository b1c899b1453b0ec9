// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IReserve, OutflowLimits} from "./interfaces/IReserve.sol";
import {OutflowBreaker, Outflows} from "./libraries/OutflowBreaker.sol";

contract Reserve is IReserve {
    using Math for uint256;
    using OutflowBreaker for Outflows;
    using SafeERC20 for IERC20;

    address public immutable SETTLEMENT;
    address public immutable VAULT;
    IERC20 public immutable TOKEN;

    uint256 private immutable LIMIT; // 0: none
    uint256 private immutable WINDOW_EPOCHS;
    uint256 private immutable GENESIS;
    uint256 private immutable EPOCH_SECONDS;

    /// @inheritdoc IReserve
    mapping(address to => uint256) public owedTo;
    Outflows private _outflows;

    modifier onlySettlement() {
        if (msg.sender != SETTLEMENT) revert NotSettlement(msg.sender);
        _;
    }

    constructor(address settlement, address vault, address token, OutflowLimits memory limits) {
        SETTLEMENT = settlement;
        VAULT = vault;
        TOKEN = IERC20(token);
        (LIMIT, WINDOW_EPOCHS) = (limits.limit, limits.windowEpochs);
        (GENESIS, EPOCH_SECONDS) = (limits.genesis, limits.epochSeconds);
    }

    /// @inheritdoc IReserve
    function releaseToVault(uint256 amount) external onlySettlement {
        _pay(VAULT, amount);
    }

    /// @inheritdoc IReserve
    function payAttester(address verifier, uint256 amount) external onlySettlement returns (uint256 paid) {
        return _pay(verifier, amount);
    }

    /// @inheritdoc IReserve
    function settleDebt(address to) external returns (uint256 paid) {
        return _pay(to, 0);
    }

    /// @inheritdoc IReserve
    function payableTo(address to) external view returns (uint256 amount) {
        (uint256 available, uint256 limit) = _left(to);
        amount = owedTo[to].min(available);
        if (LIMIT > 0) amount = amount.min(limit.saturatingSub(_outflows.sumAt(WINDOW_EPOCHS, _epoch())));
    }

    /// @dev What can not be paid now stays owed: where the balance or the window is short, and where the transfer fails, which must hold up nobody's release.
    function _pay(address to, uint256 more) private returns (uint256 paid) {
        uint256 due = owedTo[to] + more;
        (uint256 available, uint256 limit) = _left(to);
        paid = due.min(available);
        if (LIMIT > 0) paid = _outflows.letFlow(limit, WINDOW_EPOCHS, _epoch(), paid);
        owedTo[to] = due - paid;
        if (paid > 0 && !TOKEN.trySafeTransfer(to, paid)) {
            owedTo[to] += paid;
            if (LIMIT > 0) _outflows.takeBack(WINDOW_EPOCHS, paid);
            paid = 0;
        }
        emit Released(to, paid, owedTo[to]);
    }

    /// @dev Balance and limit for somebody: what the vault is owed comes before the attesters.
    function _left(address to) private view returns (uint256 available, uint256 limit) {
        (available, limit) = (TOKEN.balanceOf(address(this)), LIMIT);
        if (to == VAULT) return (available, limit);
        uint256 vaults = owedTo[VAULT];
        return (available.saturatingSub(vaults), limit.saturatingSub(vaults));
    }

    function _epoch() private view returns (uint32) {
        return block.timestamp < GENESIS ? 0 : uint32((block.timestamp - GENESIS) / EPOCH_SECONDS);
    }
}
