// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice What bounds the outflow of a reserve.
struct OutflowLimits {
    uint128 limit; // the most in any `windowEpochs` consecutive epochs; 0: none
    uint8 windowEpochs; // 1 to 64
    uint64 genesis; // of the network's clock
    uint32 epochSeconds;
}

/// @notice One per network: holds the tokens still to be emitted. Only Settlement moves them, only to the vault or to attesters, only what final roots say; and with a limit,
///         no more than it in any window of epochs, whatever roots say. What could not be paid stays owed.
interface IReserve {
    /// @param owed what is still owed to `to`
    event Released(address indexed to, uint256 amount, uint256 owed);

    error NotSettlement(address caller);

    /// @notice Owes the vault `amount` more, and pays it what balance and limit allow.
    function releaseToVault(uint256 amount) external;
    /// @notice Owes an attester its share, and pays what balance and limit allow after what the vault is owed.
    function payAttester(address verifier, uint256 amount) external returns (uint256 paid);
    /// @notice Pays the vault or an attester what it is owed, as far as that can be paid now. Anyone.
    function settleDebt(address to) external returns (uint256 paid);

    /// @notice What final roots promised the vault, or an attester, and the reserve could not pay yet.
    function owedTo(address to) external view returns (uint256);
    /// @notice What `settleDebt` would pay now.
    function payableTo(address to) external view returns (uint256);
}
