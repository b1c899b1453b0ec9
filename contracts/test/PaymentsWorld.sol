// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAggregator} from "../src/interfaces/IAggregator.sol";
import {CreditTerms} from "../src/interfaces/ICredits.sol";
import {Meter, Redemption, Voucher} from "../src/interfaces/IPayments.sol";
import {PriceLimits} from "../src/libraries/PriceLimits.sol";
import {SettlementWorld} from "./SettlementWorld.sol";

/// @notice A feed that says what it is told to: the governed one of a local chain.
contract SettableFeed is IAggregator {
    uint8 public decimals;
    int256 public answer;
    uint256 public updatedAt;

    function set(uint8 decimals_, int256 answer_, uint256 updatedAt_) external {
        (decimals, answer, updatedAt) = (decimals_, answer_, updatedAt_);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, answer, updatedAt, updatedAt, 1);
    }
}

/// @notice A network that sells credits at a dollar a token, a quarter of what is spent to sellers.
abstract contract PaymentsWorld is SettlementWorld {
    uint32 internal constant REFUND = 2 days;
    uint128 internal constant USD = 1e6;
    uint256 internal constant PAYER_KEY = 0xca11;
    uint256 internal constant SIGNER_KEY = 0x5161;
    /// @dev Of `makeAddr("seller")`.
    uint256 internal constant SELLER_KEY = uint256(keccak256("seller"));

    SettableFeed internal feed;
    SettableFeed internal width;
    address internal payer = vm.addr(PAYER_KEY);
    address internal signer = vm.addr(SIGNER_KEY);
    address internal seller = makeAddr("seller");

    function setUp() public virtual override {
        super.setUp();
        feed = new SettableFeed();
        width = new SettableFeed();
        price(1e8);
        width.set(8, 0, block.timestamp);
        vm.prank(governor);
        credits.setTerms(network, terms());
        fund(payer, address(credits));
    }

    function terms() internal view virtual returns (CreditTerms memory t) {
        t.price = PriceLimits(address(feed), address(width), 8, 600, 1 days, 5_000, 200);
        t.refundSeconds = REFUND;
        t.sellerBps = [uint16(2_500), 10_000, 0, 0];
    }

    function price(int256 answer) internal {
        feed.set(8, answer, block.timestamp);
    }

    function buy(uint128 amount) internal returns (uint128) {
        vm.prank(payer);
        return credits.buy(network, payer, amount, type(uint256).max);
    }

    function voucher(uint8 program, uint128 cumulative) internal view returns (Voucher memory) {
        return Voucher(network, payer, seller, program, cumulative, uint64(block.timestamp + 1 days));
    }

    function signed(Voucher memory v, uint256 key) internal view returns (bytes memory) {
        (uint8 parity, bytes32 r, bytes32 s) = vm.sign(key, payments.voucherDigest(v));
        return abi.encodePacked(r, s, parity);
    }

    function meterOf(Voucher memory v, uint128 metered) internal pure returns (Meter memory) {
        return Meter(v.network, v.payer, v.seller, v.program, metered, v.expiresAt);
    }

    function signedMeter(Meter memory m, uint256 key) internal view returns (bytes memory) {
        (uint8 parity, bytes32 r, bytes32 s) = vm.sign(key, payments.meterDigest(m));
        return abi.encodePacked(r, s, parity);
    }

    function redeem(Voucher memory v, uint256 key, uint128 metered) internal returns (uint128) {
        bytes memory signature = signed(v, key);
        vm.prank(v.seller);
        return payments.redeem(v, signature, metered);
    }

    function redemption(Voucher memory v, uint128 metered) internal view returns (Redemption memory) {
        return Redemption(v, signed(v, PAYER_KEY), metered);
    }
}
