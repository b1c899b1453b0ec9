// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @notice A network's token: the whole supply is minted once, to the recipients named at deployment. No owner, no mint, no pause.
contract NetworkToken is ERC20, ERC20Permit, ERC20Burnable {
    error RecipientsDiffer(uint256 recipients, uint256 amounts);

    constructor(
        string memory name,
        string memory symbol,
        address[] memory recipients,
        uint256[] memory amounts
    ) ERC20(name, symbol) ERC20Permit(name) {
        if (recipients.length != amounts.length) {
            revert RecipientsDiffer(recipients.length, amounts.length);
        }
        for (uint256 i = 0; i < recipients.length; ++i) {
            _mint(recipients[i], amounts[i]);
        }
    }
}
