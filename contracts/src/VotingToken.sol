// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {ERC20Wrapper} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Wrapper.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

/// @notice A network's token, locked one to one for a vote. Whoever locks gets it back at any time, without a delay; nobody else can take it.
/// @dev Checkpoints live here and not in the network's token, where they would make every claim dearer. Its clock is block time, in seconds.
contract VotingToken is ERC20Wrapper, ERC20Votes {
    /// @notice The underlying token moved another amount than was asked for, or balances changed by themselves: what is locked would not be whole.
    error TokenNotExact(address token, uint256 expected, uint256 arrived);

    constructor(IERC20 underlying_, string memory name_, string memory symbol_)
        ERC20(name_, symbol_)
        ERC20Wrapper(underlying_)
        EIP712(name_, "1")
    {}

    /// @notice Locks `value` of the caller's underlying token for `account`, which votes with it itself unless it has chosen somebody to do so.
    /// @inheritdoc ERC20Wrapper
    function depositFor(address account, uint256 value) public override returns (bool) {
        IERC20 token = underlying();
        uint256 before = token.balanceOf(address(this));
        if (before < totalSupply()) revert TokenNotExact(address(token), totalSupply(), before);
        if (delegates(account) == address(0)) _delegate(account, account);
        super.depositFor(account, value);
        uint256 arrived = token.balanceOf(address(this)) - before;
        if (arrived != value) revert TokenNotExact(address(token), value, arrived);
        return true;
    }

    /// @notice Seconds of block time.
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    /// @notice ERC-6372: `clock` is block time.
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc ERC20Wrapper
    function decimals() public view override(ERC20, ERC20Wrapper) returns (uint8) {
        return super.decimals();
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
