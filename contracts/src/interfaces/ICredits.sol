// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AcceptedPrice, PriceLimits, PriceState} from "../libraries/PriceLimits.sol";
import {NetworkId} from "../types/NetworkId.sol";

/// @notice How a network sells credits. Set by its owner.
struct CreditTerms {
    PriceLimits price;
    uint32 refundSeconds; // between asking for a refund and getting it: the time sellers have to redeem
    uint16[4] sellerBps; // of what is spent on a program, the seller's part; the rest is burned
}

/// @notice What a payer has in a network. Spec 7, Credits.
struct CreditAccount {
    uint128 credits; // millionths of a dollar
    uint128 tokens; // what they were bought with, held here
}

struct RefundRequest {
    uint128 credits;
    uint64 refundableAt;
}

/// @notice What was spent in an epoch.
struct Spending {
    uint128 credits;
    uint128 burned;
    uint128 paid; // to sellers
}

/// @notice Credits: dollars of service, bought with a network's token at a feed's price, which nobody can transfer. The tokens are held until credits are spent; then the
///         seller's part is paid, the rest burned. What is not spent is refunded in the tokens it was bought with, so no price and no other payer can make an account short.
interface ICredits {
    event TermsSet(NetworkId indexed network, CreditTerms terms);
    event PriceAccepted(NetworkId indexed network, uint96 answer, uint64 updatedAt);
    event CreditsBought(
        NetworkId indexed network,
        address indexed payer,
        address indexed buyer,
        uint128 credits,
        uint128 tokens,
        uint256 price
    );
    event CreditsSpent(
        NetworkId indexed network,
        address indexed payer,
        address indexed seller,
        uint8 program,
        uint32 epoch,
        uint128 credits,
        uint128 burned,
        uint128 paid
    );
    event RefundRequested(
        NetworkId indexed network, address indexed payer, uint128 credits, uint64 refundableAt
    );
    event Refunded(NetworkId indexed network, address indexed payer, uint128 credits, uint128 tokens);

    /// @dev From the payer's account to the rail's. No voucher and no refund reaches what a rail has.
    event CreditsLocked(NetworkId indexed network, address indexed payer, uint64 indexed rail, uint128 credits, uint128 tokens);
    /// @dev Back to the payer's account.
    event CreditsReleased(NetworkId indexed network, address indexed payer, uint64 indexed rail, uint128 credits, uint128 tokens);
    event CreditsPassedOn(NetworkId indexed network, uint64 indexed from, uint64 indexed to, uint128 credits, uint128 tokens);
    /// @dev The `CreditsSpent` that follows was paid by what the rail has, not by its payer's account.
    event LockedSpent(NetworkId indexed network, uint64 indexed rail, uint128 credits, uint128 tokens);

    error NotOwner(NetworkId network, address caller, address owner);
    error NotPayments(address caller);
    error NotRails(address caller);
    error NoTerms(NetworkId network);
    error TermsInvalid(string field, uint256 value);
    /// @dev Buying rests until the feed answers as the terms ask; spending and refunds go on.
    error PriceDormant(NetworkId network, PriceState state);
    error TooExpensive(uint256 tokens, uint256 maxTokens);
    error NothingToBuy();
    error AmountTooLarge(uint256 tokens);
    /// @dev A token that keeps a part of a transfer, or changes balances by itself, can not be held for others.
    error TokenNotExact(address token, uint256 expected, uint256 arrived);
    error NotEnoughCredits(uint128 has, uint128 asked);
    error NothingToRefund(address payer);
    error RefundTooEarly(uint64 refundableAt, uint256 nowAt);

    function setTerms(NetworkId network, CreditTerms calldata terms) external;
    /// @notice Buys exactly `credits` for `payer`, with the sender's tokens, at most `maxTokens` of them.
    function buy(NetworkId network, address payer, uint128 credits, uint256 maxTokens)
        external
        returns (uint128 tokens);
    /// @notice Accepts the feed's price if it can be accepted, so that the next one is compared with it. Anyone.
    function observePrice(NetworkId network) external returns (PriceState state);
    /// @notice Asks for `credits` back. A second request takes the first one's place and begins anew.
    function requestRefund(NetworkId network, uint128 credits) external;
    /// @notice Pays what was asked for, or what is left of it.
    function refund(NetworkId network) external returns (uint128 tokens);
    /// @notice Payments only: takes credits from an account; what it took them for is to be paid out by `payOut`.
    function spend(NetworkId network, address payer, address seller, uint8 program, uint128 credits)
        external
        returns (uint128 burned, uint128 paid);
    /// @notice Rails only: from the payer's account to the rail's own, with their part of the tokens. Acts at once: who takes vouchers counts on an account for what it can bear to lose.
    function lock(NetworkId network, address payer, uint64 rail, uint128 credits) external;
    /// @notice Rails only: from the rail's account to its payer's.
    function release(NetworkId network, uint64 rail, address payer, uint128 credits) external;
    /// @notice Rails only: from one rail's account to that of the rail which took its place.
    function passOn(NetworkId network, uint64 from, uint64 to, uint128 credits) external;
    /// @notice Rails only: as `spend`, from the rail's account.
    function spendLocked(NetworkId network, uint64 rail, address payer, address seller, uint8 program, uint128 credits)
        external
        returns (uint128 burned, uint128 paid);
    /// @notice Payments and rails only: burns and pays what `spend` or `spendLocked` gave.
    function payOut(NetworkId network, address seller, uint256 burned, uint256 paid) external;

    function termsOf(NetworkId network) external view returns (CreditTerms memory);
    function accountOf(NetworkId network, address payer) external view returns (CreditAccount memory);
    /// @notice What a rail has.
    function lockedOf(NetworkId network, uint64 rail) external view returns (CreditAccount memory);
    function refundOf(NetworkId network, address payer) external view returns (RefundRequest memory);
    function acceptedPriceOf(NetworkId network) external view returns (AcceptedPrice memory);
    function spentIn(NetworkId network, uint32 epoch) external view returns (Spending memory);
    /// @notice What was burned for a program in the epochs first..last. Final as soon as `last` has ended: a spending counts in the epoch it is made in.
    function burnedIn(NetworkId network, uint8 program, uint32 first, uint32 last)
        external
        view
        returns (uint256);
    /// @notice Of the epochs in which something was spent, in their order, the one at `place`; type(uint32).max where there is none yet.
    function spentEpochAt(NetworkId network, uint256 place) external view returns (uint32);
    /// @notice What `credits` cost now.
    function quote(NetworkId network, uint128 credits)
        external
        view
        returns (PriceState state, uint256 tokens);
}
