// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {CreditTerms, Spending} from "../src/interfaces/ICredits.sol";
import {IPayments, Meter, Redemption, Voucher} from "../src/interfaces/IPayments.sol";
import {NetworkId} from "../src/types/NetworkId.sol";
import {PaymentsWorld} from "./PaymentsWorld.sol";

/// @notice A contract wallet with one owner.
contract Wallet is IERC1271 {
    address private immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (address signer,,) = ECDSA.tryRecover(digest, signature);
        return signer == OWNER ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// @notice What asks a lot of who asks it: reverts, answers too little, too much, or burns what it is given.
contract HostileWallet {
    uint256 private immutable MANNER;

    constructor(uint256 manner) {
        MANNER = manner;
    }

    fallback() external {
        if (MANNER == 0) revert();
        if (MANNER == 1) {
            assembly {
                invalid()
            }
        }
        if (MANNER == 2) {
            assembly {
                mstore(0, 0x1626ba7e)
                return(28, 4)
            }
        }
        assembly {
            return(0, 100000)
        }
    }
}

/// @notice Anybody redeems for a seller that signed its meter.
contract PaymentsMeterTest is PaymentsWorld {
    function setUp() public override {
        super.setUp();
        buy(100 * USD);
        vm.warp(GENESIS + 5);
        price(1e8);
    }

    function test_RedeemFor_PaysTheSellerWhoeverSends() external {
        Voucher memory v = voucher(0, 10 * USD);
        Meter memory m = meterOf(v, 7 * USD);
        (bytes memory byPayer, bytes memory bySeller) = (signed(v, PAYER_KEY), signedMeter(m, SELLER_KEY));
        uint256 before = token.balanceOf(stranger);
        vm.expectEmit();
        emit IPayments.Redeemed(network, payer, seller, 0, 7 * USD, 10 * USD, 7 * USD);
        vm.prank(stranger);
        assertEq(payments.redeemFor(v, byPayer, m, bySeller), 7 * USD);
        vm.snapshotGasLastCall("payments", "redeem for a seller, first");
        assertEq(token.balanceOf(seller), 1.75 ether);
        assertEq(token.balanceOf(stranger), before);

        (v, m) = (voucher(0, 15 * USD), meterOf(v, 20 * USD));
        (byPayer, bySeller) = (signed(v, PAYER_KEY), signedMeter(m, SELLER_KEY));
        vm.prank(stranger);
        assertEq(payments.redeemFor(v, byPayer, m, bySeller), 8 * USD);
        vm.snapshotGasLastCall("payments", "redeem for a seller, again");
    }

    /// @dev Both ways of redeeming count together: nothing is paid twice.
    function test_RedeemFor_GoesOnFromWhatTheSellerRedeemed() external {
        assertEq(redeem(voucher(0, 10 * USD), PAYER_KEY, 4 * USD), 4 * USD);
        assertEq(redeemFor(voucher(0, 10 * USD), 9 * USD), 5 * USD);
        assertEq(redeem(voucher(0, 10 * USD), PAYER_KEY, 10 * USD), USD);
        Voucher memory v = voucher(0, 10 * USD);
        Meter memory m = meterOf(v, 9 * USD);
        expectFault(
            v,
            m,
            SELLER_KEY,
            abi.encodeWithSelector(IPayments.NothingDue.selector, 10 * USD, 10 * USD, 9 * USD)
        );
    }

    function test_RevertWhen_TheMeterIsOfAnother() external {
        for (uint256 i; i < 4; ++i) {
            Voucher memory v = voucher(0, USD);
            Meter memory m = meterOf(v, USD);
            if (i == 0) m.network = NetworkId.wrap(bytes28(uint224(7)));
            if (i == 1) m.payer = stranger;
            if (i == 2) m.seller = stranger;
            if (i == 3) m.program = 1;
            expectFault(
                v,
                m,
                SELLER_KEY,
                abi.encodeWithSelector(
                    IPayments.MeterOfAnother.selector, m.network, m.payer, m.seller, m.program
                )
            );
        }
    }

    function test_RevertWhen_TheMeterIsExpired() external {
        Voucher memory v = voucher(0, USD);
        Meter memory m = meterOf(v, USD);
        m.expiresAt = uint64(block.timestamp + 60);
        bytes memory expired =
            abi.encodeWithSelector(IPayments.MeterExpired.selector, m.expiresAt, m.expiresAt);
        vm.warp(m.expiresAt);
        expectFault(v, m, SELLER_KEY, expired);
    }

    function test_RevertWhen_TheMeterIsNotSignedByTheSeller() external {
        Voucher memory v = voucher(0, USD);
        bytes memory fault = abi.encodeWithSelector(IPayments.MeterNotSigned.selector, seller);
        expectFault(v, meterOf(v, USD), PAYER_KEY, fault);
        // A voucher's signature is none of a meter, whose fields are of the same kinds.
        Meter memory m = meterOf(v, v.cumulative);
        bytes memory byPayer = signed(v, PAYER_KEY);
        bytes memory asVoucher = signed(v, SELLER_KEY);
        vm.expectRevert(fault);
        payments.redeemFor(v, byPayer, m, asVoucher);
        bytes memory bySeller = signedMeter(m, SELLER_KEY);
        vm.expectRevert(fault);
        payments.redeemFor(v, byPayer, m, abi.encodePacked(bySeller, hex"00"));
        m.metered += 1;
        vm.expectRevert(fault);
        payments.redeemFor(v, byPayer, m, bySeller);
        m.metered -= 1;
        vm.chainId(99);
        bySeller = signedMeter(m, SELLER_KEY);
        vm.chainId(31_337);
        vm.expectRevert(fault);
        payments.redeemFor(v, byPayer, m, bySeller);
    }

    function test_RevertWhen_ThePayerDidNotSign() external {
        Voucher memory v = voucher(0, USD);
        Meter memory m = meterOf(v, USD);
        (bytes memory forged, bytes memory bySeller) = (signed(v, 0xbad), signedMeter(m, SELLER_KEY));
        vm.expectRevert(abi.encodeWithSelector(IPayments.SignerNotAllowed.selector, payer, vm.addr(0xbad)));
        payments.redeemFor(v, forged, m, bySeller);
    }

    function test_RedeemFor_AContractWalletSignsAsSellerAndAsPayer() external {
        Wallet wallet = new Wallet(seller);
        Voucher memory v = voucher(0, 4 * USD);
        v.seller = address(wallet);
        assertEq(redeemFor(v, 4 * USD), 4 * USD);
        assertEq(token.balanceOf(address(wallet)), 1 ether);

        Wallet buyer = new Wallet(payer);
        vm.prank(payer);
        credits.buy(network, address(buyer), 4 * USD, type(uint256).max);
        v = voucher(0, 4 * USD);
        v.payer = address(buyer);
        assertEq(redeem(v, PAYER_KEY, 2 * USD), 2 * USD);
        vm.snapshotGasLastCall("payments", "redeem a voucher of a contract wallet");
        assertEq(redeemFor(v, 4 * USD), 2 * USD);
    }

    function test_RevertWhen_AWalletDoesNotSayYes() external {
        for (uint256 manner; manner < 4; ++manner) {
            address hostile = address(new HostileWallet(manner));
            vm.prank(payer);
            credits.buy(network, hostile, USD, type(uint256).max);
            Voucher memory v = voucher(0, USD);
            v.payer = hostile;
            bytes memory signature = signed(v, PAYER_KEY);
            vm.prank(seller);
            vm.expectRevert(abi.encodeWithSelector(IPayments.SignerNotAllowed.selector, hostile, payer));
            payments.redeem(v, signature, USD);
            v = voucher(0, USD);
            v.seller = hostile;
            expectFault(
                v,
                meterOf(v, USD),
                PAYER_KEY,
                abi.encodeWithSelector(IPayments.MeterNotSigned.selector, hostile)
            );
        }
    }

    /// @dev A payer's wallet that burns all gas it is given costs a batch a bounded part of it, and the others are paid.
    function test_Batch_PassesOverAWalletThatBurnsGas() external {
        address hostile = address(new HostileWallet(1));
        vm.prank(payer);
        credits.buy(network, hostile, USD, type(uint256).max);
        Redemption[] memory two = new Redemption[](2);
        two[0] = redemption(voucher(0, USD), USD);
        two[0].voucher.payer = hostile;
        two[1] = redemption(voucher(0, USD), USD);
        vm.expectEmit();
        emit IPayments.RedemptionSkipped(network, 0, IPayments.SignerNotAllowed.selector);
        vm.prank(seller);
        assertEq(payments.redeemBatch{gas: 1_000_000}(network, two), USD);
    }

    /// @dev A token that refuses the seller: nothing is spent, and it is paid when the token lets it.
    function test_RevertWhen_TheTokenRefusesTheSeller() external {
        Voucher memory v = voucher(0, 4 * USD);
        Meter memory m = meterOf(v, 4 * USD);
        vm.mockCallRevert(address(token), abi.encodeWithSelector(IERC20.transfer.selector, seller), "refused");
        expectFault(v, m, SELLER_KEY, "refused");
        assertEq(credits.accountOf(network, payer).credits, 100 * USD);
        assertEq(payments.redeemedOf(network, payer, seller, 0), 0);
        vm.clearMockedCalls();
        assertEq(redeemFor(v, 4 * USD), 4 * USD);
    }

    /// @dev Credits worth less than the smallest unit of a token: what rounds to nothing pays nobody, and the last credit takes the rest.
    function test_Redeem_WhatRoundsToZeroPaysNobodyAndStopsNobody() external {
        address poor = vm.addr(0x900d);
        vm.warp(block.timestamp + 2 days);
        price(5e20);
        vm.prank(payer);
        assertEq(credits.buy(network, poor, 10, type(uint256).max), 2, "ten credits, five a unit");
        Voucher memory v = voucher(0, 4);
        v.payer = poor;
        assertEq(redeem(v, 0x900d, 4), 4);
        assertEq(token.balanceOf(seller), 0);
        assertEq(credits.accountOf(network, poor).tokens, 2, "two fifths of two are nothing");
        (v.cumulative, v.program) = (9, 0);
        assertEq(redeem(v, 0x900d, 9), 5);
        assertEq(credits.accountOf(network, poor).tokens, 1);
        assertEq(token.balanceOf(seller), 0, "a quarter of one is nothing, so all of it is burned");
        v.cumulative = 10;
        assertEq(redeem(v, 0x900d, 10), 1);
        assertEq(credits.accountOf(network, poor).tokens, 0);
        assertEq(token.balanceOf(seller), 0);
    }

    function testFuzz_RedeemFor_PaysTheLesserOnce(uint64 acknowledged, uint64 metered, uint64 before)
        external
    {
        uint128 a = uint128(bound(acknowledged, 1, 90 * USD));
        uint128 m = uint128(bound(metered, 1, 90 * USD));
        uint128 b = uint128(bound(before, 0, a));
        if (b > 0) redeem(voucher(0, b), PAYER_KEY, b);
        uint128 lesser = a < m ? a : m;
        if (lesser <= b) {
            Voucher memory v = voucher(0, a);
            expectFault(
                v, meterOf(v, m), SELLER_KEY, abi.encodeWithSelector(IPayments.NothingDue.selector, b, a, m)
            );
            return;
        }
        assertEq(redeemFor(voucher(0, a), m), lesser - b);
        assertEq(payments.redeemedOf(network, payer, seller, 0), lesser);
    }

    function test_WhoTheSellerNamedSignsItsMeters() external {
        (address agent, uint256 agentKey) = makeAddrAndKey("agent");
        Voucher memory v = voucher(0, USD);
        Meter memory m = meterOf(v, USD / 2);
        bytes memory fault = abi.encodeWithSelector(IPayments.MeterNotSigned.selector, seller);
        expectFault(v, m, agentKey, fault);
        uint64 until = uint64(block.timestamp + 60);
        vm.prank(payer);
        payments.setSigner(network, agent, until);
        // Named by the payer, it does not speak for the seller.
        expectFault(v, m, agentKey, fault);
        vm.prank(seller);
        payments.setSigner(network, agent, until);
        bytes memory byPayer = signed(v, PAYER_KEY);
        bytes memory byAgent = signedMeter(m, agentKey);
        uint256 id = vm.snapshotState();
        assertEq(payments.redeemFor(v, byPayer, m, byAgent), USD / 2);
        vm.revertToState(id);
        vm.warp(until);
        vm.expectRevert(fault);
        payments.redeemFor(v, byPayer, m, byAgent);
    }

    function testFuzz_NoSignatureOfAStrangerIsTheSellers(bytes calldata signature) external {
        Voucher memory v = voucher(0, USD);
        Meter memory m = meterOf(v, USD);
        bytes memory byPayer = signed(v, PAYER_KEY);
        vm.expectRevert(abi.encodeWithSelector(IPayments.MeterNotSigned.selector, seller));
        payments.redeemFor(v, byPayer, m, signature);
    }

    /// @dev By a stranger, both with their own keys.
    function redeemFor(Voucher memory v, uint128 metered) private returns (uint128) {
        Meter memory m = meterOf(v, metered);
        (bytes memory byPayer, bytes memory bySeller) = (signed(v, PAYER_KEY), signedMeter(m, SELLER_KEY));
        vm.prank(stranger);
        return payments.redeemFor(v, byPayer, m, bySeller);
    }

    function expectFault(Voucher memory v, Meter memory m, uint256 sellerKey, bytes memory fault) private {
        (bytes memory byPayer, bytes memory bySeller) = (signed(v, PAYER_KEY), signedMeter(m, sellerKey));
        vm.prank(stranger);
        vm.expectRevert(fault);
        payments.redeemFor(v, byPayer, m, bySeller);
    }
}
