// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice One per network: holds the tokens still to be emitted. Only Settlement moves them, only to the vault or to attesters, only what final roots say.
interface IReserve {
    event Released(address indexed to, uint256 amount, uint256 owed);

    error NotSettlement(address caller);

    /// @notice Transfers min(amount + owed, balance) to the vault; what could not be paid stays owed, and goes out with the next release or `settleDebt`.
    function releaseToVault(uint256 amount) external;
    /// @notice Pays an attester its share; skipped (not reverted) when the balance is short.
    function payAttester(address verifier, uint256 amount) external returns (uint256 paid);
    function settleDebt() external;
    /// @notice What final roots promised the vault and the reserve could not pay yet.
    function owed() external view returns (uint256);
}
