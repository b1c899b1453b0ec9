// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IReserve} from "./interfaces/IReserve.sol";

contract Reserve is IReserve {
    using SafeERC20 for IERC20;

    address public immutable SETTLEMENT;
    address public immutable VAULT;
    IERC20 public immutable TOKEN;

    /// @inheritdoc IReserve
    uint256 public owed;

    modifier onlySettlement() {
        if (msg.sender != SETTLEMENT) revert NotSettlement(msg.sender);
        _;
    }

    constructor(address settlement, address vault, address token) {
        SETTLEMENT = settlement;
        VAULT = vault;
        TOKEN = IERC20(token);
    }

    /// @inheritdoc IReserve
    function releaseToVault(uint256 amount) external onlySettlement {
        _release(owed + amount);
    }

    /// @inheritdoc IReserve
    function payAttester(address verifier, uint256 amount) external onlySettlement returns (uint256 paid) {
        // What the vault is owed comes first. A transfer that fails is skipped as well: it must not hold up the attester's release.
        if (TOKEN.balanceOf(address(this)) < owed + amount || !TOKEN.trySafeTransfer(verifier, amount)) {
            return 0;
        }
        emit Released(verifier, amount, owed);
        return amount;
    }

    /// @inheritdoc IReserve
    function settleDebt() external {
        _release(owed);
    }

    function _release(uint256 due) private {
        uint256 balance = TOKEN.balanceOf(address(this));
        uint256 amount = due < balance ? due : balance;
        owed = due - amount;
        emit Released(VAULT, amount, due - amount);
        if (amount > 0) TOKEN.safeTransfer(VAULT, amount);
    }
}
