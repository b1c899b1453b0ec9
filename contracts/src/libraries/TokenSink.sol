// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @notice Takes tokens out of circulation, whether or not the token can burn.
library TokenSink {
    using SafeERC20 for IERC20;

    address internal constant BURNED = 0x000000000000000000000000000000000000dEaD;

    /// @dev Never reverts for what a token does: nobody's token may stop what burns.
    function burn(IERC20 token, uint256 amount) internal {
        if (amount == 0) return;
        try ERC20Burnable(address(token)).burn(amount) {}
        catch {
            token.trySafeTransfer(BURNED, amount);
        }
    }
}
