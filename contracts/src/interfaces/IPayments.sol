// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {NetworkId} from "../types/NetworkId.sol";

/// @notice What a payer acknowledges: that it has had service worth `cumulative` credits from a seller, all told. Signed by the payer, by who may sign for it, or by ERC-1271 of a contract wallet, which can take that back at once: who minds has it name a signer. Spec 8.
struct Voucher {
    NetworkId network;
    address payer;
    address seller;
    uint8 program;
    uint128 cumulative;
    uint64 expiresAt; // Unix seconds; it is redeemed before
}

/// @notice A voucher with what the seller's own meter says, all told.
struct Redemption {
    Voucher voucher;
    bytes signature;
    uint128 metered;
}

/// @notice What a seller's own meter says: service worth `metered` credits to a payer, all told. Signed by the seller, a contract wallet by ERC-1271. Spec 8.
struct Meter {
    NetworkId network;
    address payer;
    address seller;
    uint8 program;
    uint128 metered;
    uint64 expiresAt; // Unix seconds; it is redeemed before
}

/// @notice Metered service, paid from credits. Both sides say what was served; the smaller number is paid, and the difference stands on chain.
interface IPayments {
    /// @param paid credits paid now
    /// @param acknowledged what the payer said, all told
    /// @param metered what the seller said, all told
    event Redeemed(
        NetworkId indexed network,
        address indexed payer,
        address indexed seller,
        uint8 program,
        uint128 paid,
        uint128 acknowledged,
        uint128 metered
    );
    /// @dev A voucher of a batch that was passed over, with the selector of the error it would have had alone.
    event RedemptionSkipped(NetworkId indexed network, uint256 place, bytes4 reason);
    event SignerSet(NetworkId indexed network, address indexed payer, address indexed signer, uint64 until);

    error NotSeller(address caller, address seller);
    error ProgramUnknown(uint8 program);
    error VoucherExpired(uint64 expiresAt, uint256 nowAt);
    error SignatureMalformed();
    error SignerNotAllowed(address payer, address signer);
    error NothingDue(uint128 redeemed, uint128 acknowledged, uint128 metered);
    error AccountEmpty(NetworkId network, address payer);
    error NetworksDiffer(NetworkId expected, NetworkId given);
    error TooMany(uint256 given, uint256 most);
    error SelfSigner();
    /// @dev Another network, payer, seller or program.
    error MeterOfAnother(NetworkId network, address payer, address seller, uint8 program);
    error MeterExpired(uint64 expiresAt, uint256 nowAt);
    error MeterNotSigned(address seller);

    /// @notice Lets `signer` sign vouchers for the sender, and meters where it sells, until `until`. An earlier end than before takes effect after the network's refund delay, as leaving does: what was signed can still be redeemed.
    function setSigner(NetworkId network, address signer, uint64 until) external;
    /// @notice By the seller. Pays what is acknowledged and metered and not yet paid, or as much of it as the account has.
    function redeem(Voucher calldata voucher, bytes calldata signature, uint128 metered)
        external
        returns (uint128 paid);
    /// @notice By anybody, where the seller signed its meter: the two signatures are a receipt of both sides. Pays the seller, whoever sends it.
    function redeemFor(Voucher calldata voucher, bytes calldata payerSignature, Meter calldata meter, bytes calldata sellerSignature)
        external
        returns (uint128 paid);
    /// @notice Many vouchers of one network; one that can not be redeemed is passed over.
    function redeemBatch(NetworkId network, Redemption[] calldata redemptions) external returns (uint256 paid);

    function redeemedOf(NetworkId network, address payer, address seller, uint8 program)
        external
        view
        returns (uint128);
    function signerUntil(NetworkId network, address payer, address signer) external view returns (uint64);
    function voucherDigest(Voucher calldata voucher) external view returns (bytes32);
    function meterDigest(Meter calldata meter) external view returns (bytes32);
}
