// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "solady/tokens/ERC20.sol";

import {IRemintable} from "./interfaces/IRemintable.sol";

/// @notice A network's token: the whole supply is minted once, to the recipients named at deployment. No owner, no pause, and no mint but of what was burned, by the one
///         contract named at deployment if any: the supply never passes what it began with.
/// @dev Every claim is a transfer, so the cheapest base that is well kept. EIP-2612 permits are part of it.
contract NetworkToken is ERC20, IRemintable {
    /// @inheritdoc IRemintable
    address public immutable reminter;
    uint256 private immutable GENESIS_SUPPLY;

    string private _name;
    string private _symbol;

    error RecipientsDiffer(uint256 recipients, uint256 amounts);
    error RecipientZero();

    constructor(
        string memory name_,
        string memory symbol_,
        address[] memory recipients,
        uint256[] memory amounts,
        address reminter_
    ) {
        if (recipients.length != amounts.length) {
            revert RecipientsDiffer(recipients.length, amounts.length);
        }
        (_name, _symbol) = (name_, symbol_);
        for (uint256 i = 0; i < recipients.length; ++i) {
            if (recipients[i] == address(0)) revert RecipientZero();
            _mint(recipients[i], amounts[i]);
        }
        (reminter, GENESIS_SUPPLY) = (reminter_, totalSupply());
    }

    /// @inheritdoc IRemintable
    function mintAgain(address to, uint256 amount) external {
        if (msg.sender != reminter) revert NotReminter(msg.sender, reminter);
        if (to == address(0)) revert RecipientZero();
        uint256 burned = GENESIS_SUPPLY - totalSupply();
        if (amount > burned) revert RemintTooLarge(amount, burned);
        _mint(to, amount);
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (to == address(0)) revert RecipientZero();
        return super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        if (to == address(0)) revert RecipientZero();
        return super.transferFrom(from, to, amount);
    }

    /// @notice Destroys the caller's tokens.
    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }

    /// @notice Destroys another's, out of what it allowed the caller.
    function burnFrom(address from, uint256 amount) external {
        _spendAllowance(from, msg.sender, amount);
        _burn(from, amount);
    }

    function name() public view override returns (string memory) {
        return _name;
    }

    function symbol() public view override returns (string memory) {
        return _symbol;
    }

    /// @dev Nobody has an allowance that its owner did not give.
    function _givePermit2InfiniteAllowance() internal pure override returns (bool) {
        return false;
    }
}
