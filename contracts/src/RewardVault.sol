// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IDevices} from "./interfaces/IDevices.sol";
import {IRewardVault, IVaultFactory} from "./interfaces/IRewardVault.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {PayoutTree} from "./libraries/PayoutTree.sol";
import {NetworkId} from "./types/NetworkId.sol";

contract RewardVault is IRewardVault, EIP712 {
    using SafeERC20 for IERC20;

    bytes32 private constant AUTHORIZATION_TYPEHASH = keccak256(
        "ClaimAuthorization(uint256 deviceId,address recipient,uint128 minimumCumulative,uint256 fee,uint256 deadline)"
    );

    ISettlement private immutable SETTLEMENT;
    IDevices private immutable DEVICES;
    NetworkId private immutable NETWORK;
    IERC20 private immutable TOKEN;

    /// @dev keccak256(root id ‖ top) of the root claimed last. A final root stays final, so claims on the same one need not ask the settlement
    ///      again. Not zero at first, so that nobody pays for a fresh slot.
    bytes32 private _knownFinal = bytes32(uint256(1));

    constructor() EIP712("Cairn", "1") {
        (NetworkId network_, address token_, ISettlement settlement_, IDevices devices_) =
            IVaultFactory(msg.sender).vaultParameters();
        SETTLEMENT = settlement_;
        DEVICES = devices_;
        NETWORK = network_;
        TOKEN = IERC20(token_);
    }

    /// @inheritdoc IRewardVault
    function claim(bytes32 rootId, uint32 index, uint128 cumulative, bytes calldata siblings)
        external
        returns (uint256 paid)
    {
        _requireClaimable(rootId, index, cumulative, siblings);
        address owner;
        (owner, paid) = _record(index, cumulative);
        // The record comes first: whatever the token calls, the claim is spent.
        if (paid > 0) TOKEN.safeTransfer(owner, paid);
    }

    /// @inheritdoc IRewardVault
    function claimBatch(bytes32 rootId, uint32 first, uint128[] calldata cumulatives, bytes calldata siblings)
        external
        returns (uint256 paid)
    {
        (bytes32 hash, uint128 sum) = PayoutTree.processRun(siblings, first, cumulatives);
        _requireFinal(rootId, PayoutTree.top(hash, sum));
        for (uint256 i = 0; i < cumulatives.length; ++i) {
            uint32 index = uint32(first + i);
            try this.payNeighbour(index, cumulatives[i]) returns (uint256 amount) {
                paid += amount;
            } catch {
                emit ClaimSkipped(index, _ownerOf(index));
            }
        }
    }

    /// @inheritdoc IRewardVault
    function payNeighbour(uint32 index, uint128 cumulative) external returns (uint256 paid) {
        if (msg.sender != address(this)) revert NotSelf(msg.sender);
        address owner;
        (owner, paid) = _record(index, cumulative);
        if (paid > 0) TOKEN.safeTransfer(owner, paid);
    }

    /// @inheritdoc IRewardVault
    function claimWithAuthorization(
        bytes32 rootId,
        uint32 index,
        uint128 cumulative,
        bytes calldata siblings,
        address recipient,
        uint256 fee,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 paid) {
        if (block.timestamp > deadline) {
            revert AuthorizationExpired(deadline, block.timestamp);
        }
        _requireClaimable(rootId, index, cumulative, siblings);
        address owner;
        (owner, paid) = _record(index, cumulative);
        _requireSigned(owner, _digest(index, cumulative, recipient, fee, deadline), signature);
        if (fee > paid) revert FeeTooHigh(fee, paid);
        if (paid > fee) TOKEN.safeTransfer(recipient, paid - fee);
        if (fee > 0) TOKEN.safeTransfer(msg.sender, fee);
    }

    /// @inheritdoc IRewardVault
    function network() external view returns (NetworkId) {
        return NETWORK;
    }

    /// @inheritdoc IRewardVault
    function token() external view returns (address) {
        return address(TOKEN);
    }

    function _requireClaimable(bytes32 rootId, uint32 index, uint128 cumulative, bytes calldata siblings)
        private
    {
        (bytes32 hash, uint128 sum) =
            PayoutTree.process(siblings, index, PayoutTree.leaf(index, cumulative), cumulative);
        _requireFinal(rootId, PayoutTree.top(hash, sum));
    }

    function _requireFinal(bytes32 rootId, bytes32 top) private {
        bytes32 proven = Hashes.efficientKeccak256(rootId, top);
        if (proven == _knownFinal) return;
        bytes32 finalTop = SETTLEMENT.finalTop(NETWORK, rootId);
        if (finalTop == 0) revert RootNotFinal(rootId);
        if (finalTop != top) revert ProofInvalid();
        _knownFinal = proven;
    }

    /// @dev Raises what the device has claimed, and says who is to be paid what.
    function _record(uint32 index, uint128 cumulative) private returns (address owner, uint256 paid) {
        if (cumulative > type(uint96).max) revert AmountTooLarge(cumulative);
        uint96 previous;
        (owner, previous) = _recordClaim(index, uint96(cumulative));
        if (cumulative <= previous) return (owner, 0);
        unchecked {
            paid = cumulative - previous;
        }
        emit Claimed(index, uint96(cumulative));
    }

    /// @dev DEVICES.recordClaim(NETWORK, index, cumulative), without the checks of words that Devices has checked: 200 gas of every claim.
    function _recordClaim(uint32 index, uint96 cumulative) private returns (address owner, uint96 previous) {
        IDevices devices = DEVICES;
        NetworkId network_ = NETWORK;
        bytes4 selector = IDevices.recordClaim.selector;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, selector)
            mstore(add(input, 0x04), network_)
            mstore(add(input, 0x24), index)
            mstore(add(input, 0x44), cumulative)
            if iszero(call(gas(), devices, 0, input, 0x64, 0x00, 0x40)) {
                returndatacopy(input, 0, returndatasize())
                revert(input, returndatasize())
            }
            owner := mload(0x00)
            previous := mload(0x20)
        }
    }

    function _digest(uint32 index, uint128 cumulative, address recipient, uint256 fee, uint256 deadline)
        private
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    AUTHORIZATION_TYPEHASH, NETWORK.deviceId(index), recipient, cumulative, fee, deadline
                )
            )
        );
    }

    function _requireSigned(address owner, bytes32 digest, bytes calldata signature) private view {
        (address signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (signer == owner) return;
        if (SignatureChecker.isValidERC1271SignatureNowCalldata(owner, digest, signature)) return;
        revert AuthorizationInvalid(signer, owner);
    }

    /// @dev For the event of a recipient that was skipped, also where the leaf is of a device that does not exist: a batch goes on.
    function _ownerOf(uint32 index) private view returns (address) {
        try IERC721(address(DEVICES)).ownerOf(NETWORK.deviceId(index)) returns (address owner) {
            return owner;
        } catch {
            return address(0);
        }
    }
}
