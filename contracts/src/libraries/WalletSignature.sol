// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @notice Signatures of contract wallets, ERC-1271.
/// @dev Not OpenZeppelin's: a wallet that burns all gas it is given must not stop a batch that others stand in.
library WalletSignature {
    /// @dev Enough for a multisig of ten owners or a P-256 key without a precompile.
    uint256 private constant MOST_GAS = 400_000;

    /// @return whether the account is a contract and says that the signature is its own
    function isBy(address wallet, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (wallet.code.length == 0) return false;
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bool answered;
        uint256 size;
        bytes32 answer;
        assembly ("memory-safe") {
            // One word of the answer is kept, however long it is.
            answered := staticcall(MOST_GAS, wallet, add(question, 0x20), mload(question), 0, 0x20)
            size := returndatasize()
            answer := mload(0)
        }
        return answered && size >= 32 && answer == bytes32(IERC1271.isValidSignature.selector);
    }
}
