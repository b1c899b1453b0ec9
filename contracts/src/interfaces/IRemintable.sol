// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice A token of which one contract may mint again what was burned, and no more, so that its supply never passes what it began with.
interface IRemintable {
    error NotReminter(address caller, address reminter);
    error RemintTooLarge(uint256 amount, uint256 burned);

    /// @notice The only one that may, for ever; zero for nobody.
    function reminter() external view returns (address);
    /// @notice By the reminter, at most what was burned and not minted again: the supply never passes what was minted at deployment.
    /// @dev Named so that no transfer gets dearer: a contract finds its functions by their selectors.
    function mintAgain(address to, uint256 amount) external;
}
